// What the sample app does, without a web server around it.
//
// Its state is in memory only: a restart heals it. Thread-safe; answer() may block its thread for
// as long as the failure says.
#pragma once

#include <mutex>
#include <optional>
#include <string>

#include "compose/sample-app/failure_mode.h"
#include "compose/sample-app/memory_leak.h"
#include "compose/sample-app/waiting_room.h"

namespace sample_app {

enum class Endpoint { root, health };

struct Answer {
  int status = 200;
  std::string body;
};

class App {
 public:
  // `held_requests`: how many may wait at once; see waiting_room.h.
  explicit App(size_t held_requests) : waiting_room_(held_requests) {}

  // None: the connection is to be closed without an answer.
  std::optional<Answer> answer(Endpoint endpoint);

  // Requests that wait are judged anew. The end of the process, for `crash`, is the caller's.
  void break_with(const Failure& failure);
  void fix();

  FailureMode mode() const;
  size_t leaked_bytes() const { return leak_.leaked_bytes(); }
  size_t held_requests() const { return waiting_room_.occupied(); }

 private:
  Failure failure() const;
  void become(const Failure& failure);
  Answer answer_now(Endpoint endpoint) const;

  std::mutex change_mutex_;  // one change at a time, the leak's thread included
  mutable std::mutex mutex_;
  Failure failure_;
  WaitingRoom waiting_room_;
  MemoryLeak leak_;
};

}  // namespace sample_app
