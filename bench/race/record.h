// One round as it is kept: a line of JSON. [pure]
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "bench/race/names.h"
#include "common/base/clock.h"
#include "common/base/result.h"

namespace selfheal::race {

struct RoundRecord {
  Contender contender = Contender::ours;
  int part = 0;
  int number = 0;
  Mode mode = Mode::error;
  std::string container;
  WallTime broken_at{};
  std::optional<double> total_ms;  // broken to healthy; nothing if that never came
  Marks marks;
  std::string fault;  // why the round does not count; empty if it does

  bool counts() const { return fault.empty() && total_ms.has_value(); }
};

// To a tenth of a millisecond: nothing here is more precise.
double rounded(double milliseconds);

// Without a newline.
std::string to_json_line(const RoundRecord& record);

// Nothing for a line of another kind.
Result<std::optional<RoundRecord>> parse_json_line(std::string_view line);

}  // namespace selfheal::race
