#include "common/exposition/low_priority_worker.h"

#include <atomic>
#include <future>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

namespace selfheal {
namespace {

SteadyTime in(Milliseconds time) {
  return SystemClock().steady_now() + time;
}

int nice_of_this_thread() {
  return getpriority(PRIO_PROCESS, static_cast<id_t>(gettid()));
}

TEST(LowPriorityWorker, LowersItsOwnPriorityAndNobodyElses) {
  const int before = nice_of_this_thread();
  LowPriorityWorker worker("test");
  int inside = before;
  EXPECT_TRUE(worker.run(in(Milliseconds(5'000)), [&] { inside = nice_of_this_thread(); }));
  EXPECT_EQ(inside, 10);
  EXPECT_EQ(nice_of_this_thread(), before);
}

TEST(LowPriorityWorker, DoesOneJobAtATimeAndAllOfThem) {
  LowPriorityWorker worker("test");
  std::atomic<int> inside{0}, most{0}, done{0};
  {
    std::vector<std::jthread> askers;
    for (int i = 0; i < 8; ++i) {
      askers.emplace_back([&] {
        EXPECT_TRUE(worker.run(in(Milliseconds(20'000)), [&] {
          most = std::max(most.load(), ++inside);
          std::this_thread::yield();
          --inside;
          ++done;
        }));
      });
    }
  }
  EXPECT_EQ(most, 1);
  EXPECT_EQ(done, 8);
}

TEST(LowPriorityWorker, WhoseTurnDoesNotComeInTimeIsToldSo) {
  LowPriorityWorker worker("test");
  std::promise<void> begun, release;
  std::jthread other([&] {
    worker.run(in(Milliseconds(20'000)), [&] {
      begun.set_value();
      release.get_future().wait();
    });
  });
  begun.get_future().wait();
  bool ran = false;
  EXPECT_FALSE(worker.run(in(Milliseconds(20)), [&] { ran = true; }));
  release.set_value();
  EXPECT_TRUE(worker.run(in(Milliseconds(20'000)), [] {}));
  EXPECT_FALSE(ran);
}

}  // namespace
}  // namespace selfheal
