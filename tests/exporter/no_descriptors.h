// A process that has no descriptor left, as long as this lives. What is open stays open.
#pragma once

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

namespace selfheal {

class NoDescriptors {
 public:
  NoDescriptors() {
    const int lowest_free = dup(STDERR_FILENO);
    close(lowest_free);
    getrlimit(RLIMIT_NOFILE, &usual_);
    const rlimit none{static_cast<rlim_t>(lowest_free), usual_.rlim_max};
    EXPECT_EQ(setrlimit(RLIMIT_NOFILE, &none), 0);
  }
  ~NoDescriptors() { setrlimit(RLIMIT_NOFILE, &usual_); }
  NoDescriptors(const NoDescriptors&) = delete;
  NoDescriptors& operator=(const NoDescriptors&) = delete;

 private:
  rlimit usual_{};
};

}  // namespace selfheal
