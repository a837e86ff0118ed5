// Durations and instants as people, Docker, Prometheus and Alertmanager write them. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "common/base/clock.h"
#include "common/base/result.h"

namespace selfheal {

// "15s", "500ms", "1m30s", "2h", "1d", "1.5s", "0": what Go's and Prometheus' parsers take. A bare
// number other than 0 is refused, because nobody can tell its unit.
Result<Milliseconds> parse_duration(std::string_view text);

// "1m30s", "500ms": the shortest text that parse_duration reads back to the same value.
std::string format_duration(Milliseconds duration);

// "12.345": seconds, with so many decimals.
std::string format_seconds(std::chrono::duration<double> duration, int decimals = 3);

// RFC 3339 with any number of fractional digits and any offset. Docker's and Alertmanager's "never"
// (year 1) becomes nothing, as does text that is no instant.
std::optional<WallTime> parse_rfc3339(std::string_view text);

// UTC with milliseconds: 2026-01-31T12:00:00.123Z
std::string format_rfc3339(WallTime time);
// The same to the nanosecond, for what parse_rfc3339 has to read back as it was.
std::string format_rfc3339_nanos(WallTime time);

}  // namespace selfheal
