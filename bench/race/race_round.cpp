#include "bench/race/race_round.h"

#include <thread>

#include "bench/race/await.h"
#include "bench/race/sample_app.h"

namespace selfheal::race {
namespace {

constexpr Milliseconds kPatience{60'000};  // a chain that needs longer has not healed it
constexpr Milliseconds kGlancePause{10};
constexpr Milliseconds kHealthPause{5};
constexpr std::chrono::seconds kStopTimeout{1};

double ms_between(SteadyTime from, SteadyTime to) {
  return std::chrono::duration<double, std::milli>(to - from).count();
}

Result<std::string> address_of(const ContainerDetails& details) {
  for (const NetworkAddress& network : details.networks)
    if (!network.ipv4.empty()) return network.ipv4;
  return Error{details.name + " has no address"};
}

}  // namespace

RoundRecord RaceRound::run() {
  RoundRecord record;
  record.number = plan_.number;
  record.mode = plan_.mode;
  record.container = container();
  std::this_thread::sleep_for(plan_.wait);  // the random phase
  if (const Outcome<> measured = measure(record); !measured) {
    record.fault = measured.error().message;
    // So that the next rounds find a healthy pool; a failure shows in them.
    (void)parts_.docker.restart(container(), kStopTimeout);
  }
  return record;
}

Outcome<> RaceRound::measure(RoundRecord& record) {
  const auto before = parts_.docker.inspect(container());
  if (!before) return Error{before.error().message};
  const auto address = address_of(*before);
  if (!address) return address.error();
  SampleApp app(parts_.http, *address);
  if (!app.is_healthy()) return Error{container() + " is not healthy before it is broken"};

  parts_.watch.forget();
  if (const auto broken = app.break_in(plan_.mode); !broken) return broken.error();
  const SteadyTime broken_at = parts_.clock.steady_now();
  record.broken_at = parts_.clock.wall_now();
  parts_.chain.begin(container(), record.broken_at);

  const SteadyTime deadline = broken_at + kPatience;
  if (const auto restarted = await_restart(deadline); !restarted) return restarted.error();
  if (!await(parts_.clock, deadline, kHealthPause, [&] { return app.is_healthy(); }))
    return Error{container() + " was restarted but is not healthy"};
  record.total_ms = ms_between(broken_at, parts_.clock.steady_now());
  record.marks[Mark::healthy] = *record.total_ms;

  const auto after = parts_.docker.inspect(container());
  if (!after) return Error{after.error().message};
  if (!(before->started_at < after->started_at))
    return Error{container() + " is healthy without a restart"};
  mark_restart(record);
  return parts_.chain.tell(record.marks);
}

Outcome<> RaceRound::await_restart(SteadyTime deadline) {
  const auto now = [this] { return parts_.clock.steady_now(); };
  while (!parts_.watch.await_started(container(), now() + kGlancePause)) {
    if (const std::string fault = parts_.watch.fault(); !fault.empty()) return Error{fault};
    if (now() >= deadline) return Error{container() + " was not restarted"};
    parts_.chain.glance();
  }
  return Done{};
}

void RaceRound::mark_restart(RoundRecord& record) {
  parts_.watch.await_restarted(container(), parts_.clock.steady_now() + kPatience);
  const RestartSeen seen = parts_.watch.seen(container());
  if (seen.asked_to_stop)
    record.marks[Mark::stop_signal] = ms_since(record.broken_at, *seen.asked_to_stop);
  if (seen.restarted)
    record.marks[Mark::restart_done] = ms_since(record.broken_at, *seen.restarted);
}

}  // namespace selfheal::race
