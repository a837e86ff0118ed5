#include "common/base/daemon.h"

#include <csignal>

namespace selfheal {
namespace {

sigset_t awaited_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int number : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&set, number);
  return set;
}

}  // namespace

Daemon::Daemon() {
  const sigset_t set = awaited_signals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

void Daemon::wait_for_stop(const std::function<void()>& reload) {
  const sigset_t set = awaited_signals();
  for (;;) {
    int number = 0;
    if (sigwait(&set, &number) != 0) continue;
    if (number != SIGHUP) return;
    reload();
  }
}

}  // namespace selfheal
