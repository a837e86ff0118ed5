// The outage of one container, from the first failed probe (or its death, when nobody asked for it)
// to healthy again: counted once, however many probes it has.
//
// [pure] Owned by ContainerMonitor. A failure opens a suspicion; an outage it becomes when a probe
// reaches its threshold or the container died. A blip that ends before is none, and neither is what
// only came of a stop by request: what shuts down in good order first stops answering. What is
// known of a restart may be older than the probe that passed (events come late, and Podman loses
// some): an outage that seems to end without one stays open until Docker was asked once more.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "common/base/clock.h"

namespace selfheal {

enum class RecoveryCause { restarted, spontaneous };  // did its StartedAt change meanwhile?

struct RecoveryEvent {
  RecoveryCause cause;
  std::chrono::nanoseconds duration;
};

struct RecoveryCounts {
  uint32_t restarted = 0;
  uint32_t spontaneous = 0;
};

class Recovery {
 public:
  using Start = std::optional<WallTime>;

  // A probe begun at `at` failed while the container's present run had begun at `started_at`. Of
  // several the earliest counts: one that hangs tells last, but may have begun first.
  void failed(WallTime at, Start started_at);
  // A probe has reached its threshold. Only the first time counts.
  void confirmed(WallTime at);
  // The container's run that began at `started_at` ended without a request.
  void died(WallTime at, Start started_at);
  // Its run has ended because somebody asked Docker for it, at `asked_at` where that is known. An
  // outage that a probe had confirmed before goes on: the request may be the restart that mends it.
  void stopped_by_request(std::optional<WallTime> asked_at);
  // All probes that can tell pass in the present run, and it runs. Ends the outage if the run is
  // another one than when it began, or else asks for its cause.
  std::optional<RecoveryEvent> settled(WallTime at, Start started_at);
  // They don't, or not any more.
  void unsettled();
  // It has settled, and only Docker can tell whether a restart did it.
  bool asks_for_cause() const { return open_ && open_->settled_at; }
  // Docker was looked at since it settled, and what it said of the container was taken in; or it
  // gives no answer. Ends an outage that asks for its cause.
  std::optional<RecoveryEvent> cause_looked_up();
  // What failed is not probed any more: nothing will tell of its end. A death is still one.
  void failing_probe_removed();
  // What was open does not count any more.
  void abandon() { open_.reset(); }

  bool under_way() const { return open_ && open_->confirmed_at; }
  std::optional<WallTime> since() const;

 private:
  struct Outage {
    WallTime since;
    Start started_at;
    std::optional<WallTime> confirmed_at = {};
    bool seen_by_probe = false;
    bool seen_dead = false;
    std::optional<WallTime> settled_at = {};  // while it asks for its cause
  };
  RecoveryEvent end(WallTime at, RecoveryCause cause);

  std::optional<Outage> open_;
};

}  // namespace selfheal
