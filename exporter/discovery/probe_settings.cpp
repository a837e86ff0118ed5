#include "exporter/discovery/probe_settings.h"

#include <algorithm>
#include <charconv>

#include "common/base/time_text.h"

namespace selfheal {

std::string fault_of(const DurationSetting& setting, Milliseconds value) {
  if (value >= setting.lowest && value <= setting.highest) return "";
  return "expected a duration from " + format_duration(setting.lowest) + " to " +
         format_duration(setting.highest);
}

Result<Milliseconds> parse_setting(const DurationSetting& setting, std::string_view text) {
  const auto duration = parse_duration(text);
  if (!duration) return duration.error();
  const std::string fault = fault_of(setting, *duration);
  if (!fault.empty()) return Error{fault};
  return *duration;
}

Result<int> parse_setting(const CountSetting& setting, std::string_view text) {
  int number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, fault] = std::from_chars(text.data(), end, number);
  if (fault != std::errc{} || stop != end || number < setting.lowest || number > setting.highest) {
    return Error{"expected a whole number from " + std::to_string(setting.lowest) + " to " +
                 std::to_string(setting.highest)};
  }
  return number;
}

ProbeSettings with_edge_interval(ProbeSettings settings) {
  if (settings.edge_interval == Milliseconds(0)) settings.edge_interval = settings.interval / 3;
  settings.edge_interval = std::min(settings.edge_interval, settings.interval);
  return settings;
}

}  // namespace selfheal
