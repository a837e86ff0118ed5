// The ways in which the sample app can be broken, and what a person may say about them.
//
// Values only, nothing here does anything. parse_failure() is where input from outside is judged.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace sample_app {

enum class FailureMode {
  none,
  error,  // answers 500
  hang,   // accepts and never answers
  slow,   // answers after `delay`
  crash,  // the process ends
  leak,   // takes memory up to `leak_limit_bytes`, then is unhealthy
};

inline constexpr std::array kFailureModes{FailureMode::error, FailureMode::hang, FailureMode::slow,
                                          FailureMode::crash, FailureMode::leak};

std::string_view name_of(FailureMode mode);

struct Failure {
  FailureMode mode = FailureMode::none;
  std::chrono::milliseconds delay{10'000};
  size_t leak_limit_bytes = size_t{256} << 20;
};

// What was wrong with the request, for a person.
struct BadRequest {
  std::string message;
};

// Gives the value of a query parameter, if it was sent.
using Parameter = std::function<std::optional<std::string>(const char* name)>;

// mode=error|hang|slow|crash|leak, delay=SECONDS (up to an hour), limit=MEBIBYTES (up to 4096).
std::variant<Failure, BadRequest> parse_failure(const Parameter& parameter);

}  // namespace sample_app
