// Docker's stream of events, held open by a thread of its own: where it goes on after a loss, and
// whether it is to be had at all. Events are refused by an answer that says so, or by a proxy in
// front that lets only the list through: then the stream breaks off time and again.
//
// Owned by DockerWatcher, on its thread; `arrived` and `ended` are called on the stream's thread,
// and what they were given is handed back to take() and close() on the owner's. Never fails: what
// became of a stream is close()'s answer.
#pragma once

#include <cstdint>
#include <functional>
#include <thread>

#include "common/base/clock.h"
#include "common/docker/docker_api.h"
#include "exporter/discovery/recent_events.h"

namespace selfheal {

class EventStream {
 public:
  using Arrived = std::function<void(DockerEvent)>;
  using Ended = std::function<void(DockerFailure)>;

  EventStream(DockerApi& docker, const Clock& clock, Arrived arrived, Ended ended);
  ~EventStream() { join(); }
  EventStream(const EventStream&) = delete;
  EventStream& operator=(const EventStream&) = delete;

  // Unless it is open, or was refused a moment ago. The first stream begins ten minutes before
  // `list_begun`, as far as Docker remembers, later ones with the last event: better twice than
  // never.
  void open_if_due(WallTime list_begun);

  enum class News {
    none,  // it was told before
    past,  // from before the first list: to be judged, not to be counted; by Docker's clock
    live,
  };
  News take(const DockerEvent& event);

  enum class Loss {
    ended,      // list at once: what happened meanwhile is not known
    brief,      // it did not hold: list soon; only the list tells whether Docker is there
    refused,    // list more often; it is asked for again after a minute
    goes_on,    // its life was over, and it is open again
    shut_down,  // the DockerApi was
  };
  Loss close(const DockerFailure& failure);
  bool refused() const { return refused_; }
  // Streams that broke off until now were no fault of theirs.
  void docker_was_away() { brief_ = 0; }

  // DockerApi::shut_down() has to be called before.
  void join();

 private:
  void open();
  Loss refuse(const DockerFailure& failure);
  void well();

  DockerApi& docker_;
  const Clock& clock_;
  const Arrived arrived_;
  const Ended ended_;

  RecentEvents recent_;
  int64_t since_ns_ = 0;  // where it has to go on; 0: never opened
  int64_t live_from_ns_ = 0;
  SteadyTime began_{};
  SteadyTime due_{};
  int brief_ = 0;  // streams in a row
  bool open_ = false;
  bool refused_ = false;
  std::thread thread_;
};

}  // namespace selfheal
