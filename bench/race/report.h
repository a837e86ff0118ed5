// What the rounds say: tables for people, lines for machines, and whether the targets are met.
// [pure]
#pragma once

#include <string>
#include <vector>

#include "bench/race/record.h"

namespace selfheal::race {

// "time from break to healthy", one line per mode and contender.
std::string totals_table(const std::vector<RoundRecord>& rounds);

// The medians of a contender's legs, one column per mode; empty where it raced in none.
std::string legs_table(const std::vector<RoundRecord>& rounds, Contender contender);

struct Verdict {
  std::string text;  // one line per target
  bool met = true;   // of the targets that can be judged by these rounds
};
Verdict judge(const std::vector<RoundRecord>& rounds);

// One line of JSON per mode and contender, each with a newline.
std::string summary_lines(const std::vector<RoundRecord>& rounds);

}  // namespace selfheal::race
