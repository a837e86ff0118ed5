// What each probe costs in timers and schedule, with few and with many targets.
#include <benchmark/benchmark.h>

#include "common/base/event_loop.h"
#include "exporter/health/probe_schedule.h"

namespace selfheal {
namespace {

SteadyTime after(int64_t nanoseconds) {
  return SteadyTime(std::chrono::nanoseconds(nanoseconds));
}

// Each takes the place of the one that was due: as with every probe.
void schedule_next_probe(benchmark::State& state) {
  constexpr int64_t kApart = 10'000;
  const int64_t targets = state.range(0);
  ProbeSchedule schedule;
  for (int64_t i = 0; i < targets; ++i) schedule.set(static_cast<TargetId>(i), after(i * kApart));
  int64_t tick = 0;
  for (auto _ : state) {
    for (const ProbeSchedule::Due& due : schedule.take_due(after(tick * kApart), 1))
      schedule.set(due.target, due.at + std::chrono::nanoseconds(targets * kApart));
    benchmark::DoNotOptimize(schedule.next());
    ++tick;
  }
}
BENCHMARK(schedule_next_probe)->Arg(100)->Arg(10'000)->Arg(100'000);

void find_next_tick(benchmark::State& state) {
  const Milliseconds interval(15'000);
  const auto phase = phase_of("host/container/default", interval);
  SteadyTime now = after(1'000'000'000'000);
  for (auto _ : state) {
    const GridTick tick = next_tick(phase, interval, now, now);
    benchmark::DoNotOptimize(now = tick.due);
  }
}
BENCHMARK(find_next_tick);

// A timeout that does not come to pass, among those of other probes.
void set_and_cancel_timer(benchmark::State& state) {
  const SystemClock clock;
  EventLoop loop(clock);
  for (int64_t i = 0; i < state.range(0); ++i)
    loop.after(std::chrono::hours(1) + std::chrono::microseconds(i * 7'919), [] {});
  for (auto _ : state) loop.cancel(loop.after(std::chrono::seconds(2), [] {}));
}
BENCHMARK(set_and_cancel_timer)->Arg(0)->Arg(1'000);

// From one round of epoll_wait to the next, by a timer that is due.
void run_timer(benchmark::State& state) {
  const SystemClock clock;
  EventLoop loop(clock);
  std::function<void()> again = [&] {
    if (!state.KeepRunning()) return loop.stop();
    loop.after(std::chrono::nanoseconds(0), again);
  };
  loop.after(std::chrono::nanoseconds(0), again);
  loop.run();
}
BENCHMARK(run_timer);

}  // namespace
}  // namespace selfheal
