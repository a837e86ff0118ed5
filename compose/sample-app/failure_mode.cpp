#include "compose/sample-app/failure_mode.h"

#include <charconv>
#include <cmath>

namespace sample_app {
namespace {

constexpr double kLongestDelaySeconds = 3600;
constexpr double kLargestLimitMebibytes = 4096;

std::optional<FailureMode> mode_named(std::string_view name) {
  for (FailureMode mode : kFailureModes) {
    if (name_of(mode) == name) return mode;
  }
  return std::nullopt;
}

// A positive number of at most `largest`.
std::optional<double> number_in(std::string_view text, double largest) {
  double value = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (fault != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (!std::isfinite(value) || value <= 0 || value > largest) return std::nullopt;
  return value;
}

}  // namespace

std::string_view name_of(FailureMode mode) {
  switch (mode) {
    case FailureMode::none:
      return "none";
    case FailureMode::error:
      return "error";
    case FailureMode::hang:
      return "hang";
    case FailureMode::slow:
      return "slow";
    case FailureMode::crash:
      return "crash";
    case FailureMode::leak:
      return "leak";
  }
  return "unknown";
}

std::variant<Failure, BadRequest> parse_failure(const Parameter& parameter) {
  Failure failure;
  const auto mode = mode_named(parameter("mode").value_or(""));
  if (!mode) return BadRequest{"mode must be one of error, hang, slow, crash, leak"};
  failure.mode = *mode;
  if (const auto text = parameter("delay")) {
    const auto seconds = number_in(*text, kLongestDelaySeconds);
    if (!seconds) return BadRequest{"delay must be a number of seconds, above 0 and up to 3600"};
    failure.delay = std::chrono::milliseconds(std::llround(*seconds * 1000));
  }
  if (const auto text = parameter("limit")) {
    const auto mebibytes = number_in(*text, kLargestLimitMebibytes);
    if (!mebibytes) return BadRequest{"limit must be a number of MiB, above 0 and up to 4096"};
    failure.leak_limit_bytes = static_cast<size_t>(*mebibytes * 1024 * 1024);
  }
  return failure;
}

}  // namespace sample_app
