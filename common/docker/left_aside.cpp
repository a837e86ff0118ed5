#include "common/docker/left_aside.h"

#include <algorithm>

#include "common/docker/container_id.h"

namespace selfheal {
namespace {

constexpr std::string_view kParked = "-selfheal-";
constexpr std::string_view kReady = "-selfheal-new-";
constexpr std::string_view kNext = "-selfheal-next-";

std::string name_of(std::string_view name, std::string_view what, std::string_view old_id) {
  return std::string(name).append(what).append(short_id(old_id));
}

}  // namespace

std::string parked_name(std::string_view name, std::string_view old_id) {
  return name_of(name, kParked, old_id);
}

std::string ready_name(std::string_view name, std::string_view old_id) {
  return name_of(name, kReady, old_id);
}

std::string next_name(std::string_view name, std::string_view old_id) {
  return name_of(name, kNext, old_id);
}

bool is_left_aside(std::string_view container_name) {
  if (container_name.size() <= kShortIdLength) return false;
  const std::string_view id = container_name.substr(container_name.size() - kShortIdLength);
  const bool is_id = std::all_of(id.begin(), id.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
  });
  container_name.remove_suffix(kShortIdLength);
  return is_id && (container_name.ends_with(kParked) || container_name.ends_with(kReady) ||
                   container_name.ends_with(kNext));
}

}  // namespace selfheal
