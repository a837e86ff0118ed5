// Fuzzers in every build, without libFuzzer, which only clang has: the seeds, each of their
// beginnings, and a short run of changed ones. What was found once is a seed.
#pragma once

#include <string>
#include <string_view>

namespace selfheal::fuzz {

inline constexpr int kShortRun = 2000;

// The seeds in seeds/NAME, and that many changed ones, the same each time. An input that ends the
// program is written into the folder of temporary files as selfheal-fuzz-found-NAME before it does.
void feed(const std::string& name, void (*fuzzer)(std::string_view), int changed = kShortRun);

}  // namespace selfheal::fuzz
