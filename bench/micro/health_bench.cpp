// What follows on a probe's result, and what a scrape takes of the table.
#include <benchmark/benchmark.h>

#include "bench/scrape/fleet.h"
#include "exporter/health/container_monitor.h"
#include "exporter/health/health_table.h"

namespace selfheal {
namespace {

constexpr WallTime kNow{std::chrono::seconds(1'760'000'000)};

ProbeResult pass() {
  ProbeResult result = passed();
  result.started_at = kNow;
  result.duration = std::chrono::microseconds(1'700);
  result.http_status = 200;
  return result;
}

void judge_result(benchmark::State& state) {
  TargetHealth health(ProbeSettings{}, kNow, kNow);
  const ProbeResult result = pass();
  for (auto _ : state) benchmark::DoNotOptimize(health.record(result));
}
BENCHMARK(judge_result);

void count_in_histogram(benchmark::State& state) {
  ProbeNumbers numbers;
  const ProbeResult result = pass();
  for (auto _ : state) {
    numbers.count(result);
    benchmark::ClobberMemory();
  }
}
BENCHMARK(count_in_histogram);

void judge_container(benchmark::State& state) {
  TargetId ids = 1;
  ContainerMonitor monitor(ids);
  WatchedContainer seen;
  seen.state = ContainerState::running;
  seen.started_at = kNow;
  seen.probes.emplace_back();
  monitor.update(std::make_shared<const WatchedContainer>(seen), kNow);
  const ProbeResult result = pass();
  for (auto _ : state) benchmark::DoNotOptimize(monitor.record(*monitor.probes().front(), result));
}
BENCHMARK(judge_container);

void update_table(benchmark::State& state) {
  HealthTable table;
  std::vector<HealthTable::Slot> slots;
  for (int64_t i = 0; i < state.range(0); ++i) slots.push_back(table.add_probe({}));
  TargetHealth health(ProbeSettings{}, kNow, kNow);
  const ProbeResult result = pass();
  size_t next = 0;
  for (auto _ : state) {
    table.record(slots[next % slots.size()], result, health);
    next += 7'919;  // no two after each other in one cache line
  }
}
BENCHMARK(update_table)->Arg(100)->Arg(100'000);

void copy_table(benchmark::State& state) {
  HealthTable table;
  watch_containers(static_cast<size_t>(state.range(0)), table);
  for (auto _ : state) benchmark::DoNotOptimize(table.snapshot());
  state.SetItemsProcessed(state.range(0) * state.iterations());
}
BENCHMARK(copy_table)->Arg(50)->Arg(10'000)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace selfheal
