#include "bench/race/schedule.h"

#include <algorithm>
#include <numeric>
#include <random>

namespace selfheal::race {
namespace {

// Long enough on average that a minority of the pool fails within half a minute, even where
// recoveries take two seconds: more would be a storm, and rightly held back (rules/).
constexpr Milliseconds kShortestWait{500};
constexpr Milliseconds kLongestWait{3500};

int rounds_before_part(int rounds_per_mode, int part, int parts) {
  int before = 0;
  for (int earlier = 1; earlier < part; ++earlier)
    before += rounds_in_part(rounds_per_mode, earlier, parts);
  return before;
}

}  // namespace

int rounds_in_part(int rounds_per_mode, int part, int parts) {
  return rounds_per_mode / parts + (part <= rounds_per_mode % parts ? 1 : 0);
}

std::vector<PlannedRound> plan_rounds(const ScheduleOptions& options) {
  const int of_each = rounds_in_part(options.rounds_per_mode, options.part, options.parts);
  std::seed_seq seeds{options.seed, static_cast<uint64_t>(options.part)};
  std::mt19937_64 random(seeds);

  std::vector<Mode> modes;
  for (const Mode mode : kModes) modes.insert(modes.end(), static_cast<size_t>(of_each), mode);
  std::shuffle(modes.begin(), modes.end(), random);
  std::vector<size_t> containers(options.containers);
  std::iota(containers.begin(), containers.end(), size_t{0});
  std::shuffle(containers.begin(), containers.end(), random);

  std::uniform_int_distribution<Milliseconds::rep> wait(kShortestWait.count(),
                                                        kLongestWait.count() - 1);
  int number = 2 * rounds_before_part(options.rounds_per_mode, options.part, options.parts);
  std::vector<PlannedRound> rounds;
  for (size_t i = 0; i < modes.size(); ++i)
    rounds.push_back(
        {++number, containers[i % containers.size()], modes[i], Milliseconds(wait(random))});
  return rounds;
}

}  // namespace selfheal::race
