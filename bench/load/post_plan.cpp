#include "bench/load/post_plan.h"

namespace selfheal::bench {

std::vector<PlannedPost> plan_storm(const StormShape& shape) {
  std::vector<PlannedPost> plan;
  const int bursts = (shape.containers + shape.burst - 1) / shape.burst;
  for (int wave = 0; wave < shape.waves; ++wave) {
    for (int container = 0; container < shape.containers; ++container) {
      const auto into_wave = shape.span * (container / shape.burst) / bursts;
      plan.push_back({shape.between * wave + into_wave, container, wave % shape.kinds});
    }
  }
  return plan;
}

std::vector<PlannedPost> plan_evenly(int posts, double per_second, int containers) {
  std::vector<PlannedPost> plan;
  const double gap_ns = per_second > 0 ? 1e9 / per_second : 0;
  for (int i = 0; i < posts; ++i)
    plan.push_back({std::chrono::nanoseconds(static_cast<int64_t>(gap_ns * i)), i % containers, 0});
  return plan;
}

}  // namespace selfheal::bench
