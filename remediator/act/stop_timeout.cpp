#include "remediator/act/stop_timeout.h"

#include <charconv>

#include "common/base/time_text.h"

namespace selfheal {

std::chrono::seconds stop_timeout_of(const ContainerDetails& details) {
  constexpr std::chrono::seconds kDockersDefault{10};
  const auto label = details.labels.find("selfheal.stop-timeout");
  if (label != details.labels.end()) {
    const std::string& text = label->second;
    int seconds = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (fault == std::errc{} && end == text.data() + text.size() && seconds >= 0)
      return std::chrono::seconds(seconds);
    if (const auto duration = parse_duration(text))
      return std::chrono::duration_cast<std::chrono::seconds>(*duration);
  }
  // A negative one means to wait for ever, and what hangs would never be healed.
  const auto own = details.stop_timeout.value_or(kDockersDefault);
  return own.count() < 0 ? kDockersDefault : own;
}

}  // namespace selfheal
