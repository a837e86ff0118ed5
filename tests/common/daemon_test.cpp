#include "common/base/daemon.h"

#include <csignal>
#include <cstdlib>

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

namespace selfheal {
namespace {

// In a process of its own: signals belong to the whole of it.
int reloads_before_the_end(int last_signal) {
  Daemon daemon;
  int reloads = 0;
  kill(getpid(), SIGPIPE);
  kill(getpid(), SIGHUP);
  daemon.wait_for_stop([&] {
    if (++reloads < 2)
      kill(getpid(), SIGHUP);
    else
      kill(getpid(), last_signal);
  });
  return reloads;
}

TEST(DaemonDeathTest, HangupReloadsAndTermEnds) {
  EXPECT_EXIT(std::exit(reloads_before_the_end(SIGTERM)), testing::ExitedWithCode(2), "");
}

TEST(DaemonDeathTest, InterruptEndsAsWell) {
  EXPECT_EXIT(std::exit(reloads_before_the_end(SIGINT)), testing::ExitedWithCode(2), "");
}

TEST(DaemonDeathTest, OpensAsManyFilesAsItIsAllowed) {
  const auto start_with_few = [] {
    const rlimit few{64, 128};
    if (setrlimit(RLIMIT_NOFILE, &few) != 0) std::exit(2);
    const Daemon daemon;
    rlimit limit{};
    getrlimit(RLIMIT_NOFILE, &limit);
    std::exit(limit.rlim_cur == 128 ? 0 : 1);
  };
  EXPECT_EXIT(start_with_few(), testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace selfheal
