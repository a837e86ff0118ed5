#include "remediator/view/pause_request.h"

#include <nlohmann/json.hpp>

#include "common/base/text_list.h"
#include "common/base/time_text.h"
#include "remediator/incident/target.h"

namespace selfheal {
namespace {

using Json = nlohmann::json;

constexpr size_t kLongestReason = 1000;
constexpr std::string_view kContainers = "/api/v1/containers/";
constexpr std::string_view kReset = "/reset";

// What is neither true nor false is a text.
constexpr std::string_view kAhead = "ahead";

// An object with no other keys than those; the error names the key.
Result<Json> parse_object(std::string_view text, const std::vector<std::string>& keys) {
  Json json = Json::parse(text, nullptr, false);
  if (!json.is_object()) return Error{"expected a JSON object"};
  for (const auto& [key, value] : json.items()) {
    if (std::find(keys.begin(), keys.end(), key) == keys.end())
      return Error{in_quotes(key) + ": unknown, expected " + joined(keys)};
    if (key == kAhead && !value.is_boolean()) return Error{key + ": expected true or false"};
    if (key != kAhead && !value.is_string()) return Error{key + ": expected a text"};
  }
  return json;
}

Result<PauseTarget> target_of(const Json& json) {
  return pause_target(json.value("scope", ""), json.value("host", ""), json.value("name", ""));
}

// Of a container, or service/NAME.
bool is_name(std::string_view target) {
  const std::string name = service_of(target).value_or(std::string(target));
  return !name.empty() && name.find('/') == std::string::npos;
}

}  // namespace

Result<PauseRequest> parse_pause(std::string_view text, WallTime now) {
  const auto json = parse_object(text, {"scope", "host", "name", "reason", "for", "ahead"});
  if (!json) return json.error();
  auto target = target_of(*json);
  if (!target) return target.error();
  Pause pause{*std::move(target), json->value("reason", ""), now, std::nullopt};
  if (pause.reason.size() > kLongestReason)
    return Error{"reason: expected at most " + std::to_string(kLongestReason) + " bytes"};
  if (json->contains("for")) {
    const auto length = parse_duration(json->at("for").get<std::string>());
    if (!length || *length <= Milliseconds(0))
      return Error{"for: expected a duration such as 30m or 2h"};
    pause.ends_at = now + *length;
  }
  return PauseRequest{std::move(pause), json->value("ahead", false)};
}

Result<PauseTarget> parse_resume(std::string_view text) {
  const auto json = parse_object(text, {"scope", "host", "name"});
  if (!json) return json.error();
  return target_of(*json);
}

Result<std::pair<std::string, std::string>> parse_reset_path(std::string_view path) {
  const Error expected{"expected /api/v1/containers/HOST/NAME/reset"};
  if (!path.starts_with(kContainers) || !path.ends_with(kReset)) return expected;
  path.remove_prefix(kContainers.size());
  if (path.size() < kReset.size()) return expected;
  path.remove_suffix(kReset.size());
  const size_t slash = path.find('/');
  if (slash == std::string_view::npos || slash == 0 || slash + 1 == path.size() ||
      !is_name(path.substr(slash + 1)))
    return expected;
  return std::pair(std::string(path.substr(0, slash)), std::string(path.substr(slash + 1)));
}

}  // namespace selfheal
