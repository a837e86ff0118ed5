// What happened to a container over time, which no single inspect tells: how often it was restarted
// and by whom, OOM kills, and whether its last stop was asked for.
//
// [pure] Fed with successive inspects and with events, in any order and repeatedly: events are
// judged by their time. Counters start at 0 when the container is first seen and go on over a
// recreation under the same name.
//
// Whether a stop was asked for decides if the container may be started again, so it must not be
// guessed: `docker kill` and `kill -9` both exit with 137. A request is a `kill` event with a
// terminating signal shortly before the `die`. Where no event is known for the last run's end, the
// watcher looks into Docker's event history (needs_evidence); where that is silent too (Docker
// keeps 256 events and forgets them at its own restart), the exit code decides: 0, 130, 137 and 143
// are what a stop by a person or a shutdown of the machine leaves behind, so the container is taken
// as stopped by request and not touched; so too with Podman, whose events of stops get lost. What
// is wrongly left alone is a page for a person; what is wrongly started was meant to stay down.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "common/docker/docker_api.h"
#include "exporter/discovery/watched_container.h"

namespace selfheal {

class ContainerHistory {
 public:
  // Of this container's present id.
  void on_event(const DockerEvent& event);
  void observe(const ContainerDetails& details);

  // The container is down, and how it went down is not known. Ask for the events from
  // evidence_since_ns() to evidence_until_ns() and hand them over with on_past_event(), then
  // evidence_done(). Both are by Docker's clock: it keeps an answer open until its own has got
  // there.
  bool needs_evidence() const;
  int64_t evidence_since_ns() const;
  int64_t evidence_until_ns() const;
  // As on_event, but counts nothing.
  void on_past_event(const DockerEvent& event);
  void evidence_done() { evidence_for_ns_ = finished_ns_; }

  bool stop_requested() const;
  // When Docker was asked to stop it, in its present run or before, or what had its name before: by
  // its stop signal, which is the first that `docker stop` sends, or one that is meant for that.
  // Any other one is no sign: a SIGQUIT has a JVM write its threads down. What is asked within ten
  // minutes after, such as the SIGKILL that ends a stop, goes with the first request.
  std::optional<WallTime> stop_asked_at() const;
  const RestartCounts& restarts() const { return restarts_; }
  uint64_t oom_kills() const { return oom_kills_; }

 private:
  void adopt(const ContainerDetails& details);
  void count_restarts(const ContainerDetails& details);
  void count_oom_kill(const ContainerDetails& details);
  void remember(const ContainerDetails& details);
  void on_kill(const DockerEvent& event);
  void on_request(int64_t time_ns);
  bool died_after_request() const;
  bool shut_down_after_signal() const;

  RestartCounts restarts_;
  uint64_t oom_kills_ = 0;

  // The present container.
  std::string id_;
  ContainerState state_ = ContainerState::unknown;
  int64_t started_ns_ = 0;   // 0: never
  int64_t finished_ns_ = 0;  // 0: never
  int exit_code_ = 0;
  bool oom_killed_ = false;
  int restart_count_ = 0;
  // Docker counts a restart when it decides on it, and starts after its backoff: such a start is
  // not to be taken for one by API.
  int policy_restarts_to_come_ = 0;
  std::string stop_signal_;
  std::chrono::seconds stop_timeout_{10};

  // The last of each.
  int64_t kill_ns_ = 0;        // with a terminating signal
  int64_t stop_asked_ns_ = 0;  // see stop_asked_at()
  int64_t die_ns_ = 0;
  int64_t stop_ns_ = 0;
  // By Podman: it loses the event of a stop when the container is quick to end.
  bool loses_requests_ = false;
  int64_t oom_ns_ = 0;
  bool oom_event_to_come_ = false;  // the kill was seen in the state before its event was
  int64_t evidence_for_ns_ = 0;     // finished_ns_ for which the event history was asked
};

}  // namespace selfheal
