// When which alert is posted. [pure]
#pragma once

#include <chrono>
#include <vector>

namespace selfheal::bench {

struct PlannedPost {
  std::chrono::nanoseconds due{0};  // since the start
  int container = 0;
  int kind = 0;
};

// A storm as it arrives: Prometheus tells Alertmanager of all containers in batches of 64, and
// Alertmanager, whose route waits for nothing, posts each batch at once, one alert a request. So a
// wave is bursts, evenly spread over `span`; and waves follow each other, the containers' alerts
// taking turns, so that most of them are repeats.
struct StormShape {
  int containers = 1000;
  int waves = 10;
  int kinds = 2;
  int burst = 64;
  std::chrono::nanoseconds between{std::chrono::seconds(1)};
  std::chrono::nanoseconds span{std::chrono::milliseconds(250)};
};
std::vector<PlannedPost> plan_storm(const StormShape& shape);

// One after another at an even rate, each of the next container.
std::vector<PlannedPost> plan_evenly(int posts, double per_second, int containers);

}  // namespace selfheal::bench
