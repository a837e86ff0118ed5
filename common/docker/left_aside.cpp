#include "common/docker/left_aside.h"

#include <algorithm>
#include <cctype>
#include <utility>

namespace selfheal {
namespace {

constexpr size_t kIdLength = 12;
constexpr std::string_view kParked = "-selfheal-";
constexpr std::string_view kReady = "-selfheal-new-";

}  // namespace

ReplacementNames::ReplacementNames(std::string name, const std::string& old_id)
    : own(std::move(name)),
      parked(own + std::string(kParked) + old_id.substr(0, kIdLength)),
      ready(own + std::string(kReady) + old_id.substr(0, kIdLength)) {}

bool is_left_aside(std::string_view container_name) {
  if (container_name.size() <= kIdLength) return false;
  const std::string_view id = container_name.substr(container_name.size() - kIdLength);
  const bool is_id = std::all_of(id.begin(), id.end(), [](char c) {
    return std::isdigit(static_cast<unsigned char>(c)) != 0 || (c >= 'a' && c <= 'f');
  });
  container_name.remove_suffix(kIdLength);
  return is_id && (container_name.ends_with(kParked) || container_name.ends_with(kReady));
}

}  // namespace selfheal
