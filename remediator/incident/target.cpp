#include "remediator/incident/target.h"

namespace selfheal {
namespace {

constexpr std::string_view kService = "service/";

}  // namespace

std::string service_target(std::string_view service) {
  return std::string(kService) + std::string(service);
}

std::optional<std::string> service_of(std::string_view target) {
  if (!target.starts_with(kService)) return std::nullopt;
  return std::string(target.substr(kService.size()));
}

}  // namespace selfheal
