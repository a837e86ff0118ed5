// Where requests wait that must not be answered (yet).
//
// Each one holds a thread of the server, so the room is bounded: when it is full, the one that has
// waited longest is turned out for the newcomer. A client with a time limit therefore always sees
// a server that hangs, and threads remain for the requests that must always work. Thread-safe.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <set>

namespace sample_app {

class WaitingRoom {
 public:
  enum class Outcome {
    elapsed,     // waited as long as asked
    released,    // let go by release_all()
    turned_out,  // its place was needed: to be closed without an answer
  };

  explicit WaitingRoom(size_t places) : places_(places) {}

  using Era = uint64_t;  // ends with each release_all()
  Era era() const;

  // Blocks the calling thread; without a limit until something else ends it. `since` is the era in
  // which the caller made up its mind to wait: if it is over, so is the wait.
  Outcome wait(Era since, std::optional<std::chrono::milliseconds> limit);
  void release_all();
  size_t occupied() const;

 private:
  using Ticket = uint64_t;  // in the order of arrival

  const size_t places_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::set<Ticket> waiting_;
  Ticket next_ticket_ = 1;
  Era era_ = 0;
};

}  // namespace sample_app
