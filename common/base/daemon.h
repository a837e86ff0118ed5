// The life of a daemon between its start and its end: signals, how its threads share memory, and
// as many open files as it is allowed (the soft limit is raised to the hard one: it is usually
// 1,024, for the sake of programs with select(), and each probe under way takes a socket).
//
// SIGTERM and SIGINT end wait_for_stop(), SIGHUP calls `reload` and goes on. Construct before any
// thread is started: the signals are blocked in every thread and taken by wait_for_stop() alone, so
// no handler ever runs in the middle of anything. SIGPIPE is ignored.
#pragma once

#include <functional>

namespace selfheal {

class Daemon {
 public:
  Daemon();
  // On the calling thread. `reload` takes care of its own errors.
  void wait_for_stop(const std::function<void()>& reload);
};

}  // namespace selfheal
