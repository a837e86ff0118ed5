#include "common/base/event_loop.h"

#include <future>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

namespace selfheal {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;

class EventLoopTest : public testing::Test {
 protected:
  struct Pair {
    UniqueFd ours;
    UniqueFd theirs;
  };
  static Pair make_pair() {
    int fds[2];
    EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), 0);
    return {UniqueFd(fds[0]), UniqueFd(fds[1])};
  }
  static void make_ready(const Pair& pair) {
    EXPECT_EQ(send(pair.theirs.get(), "x", 1, MSG_NOSIGNAL), 1);
  }
  // Runs the loop until something stops it; a test that went wrong ends by this.
  void run() {
    loop_.after(std::chrono::seconds(20), [this] {
      ADD_FAILURE() << "nothing stopped the loop";
      loop_.stop();
    });
    loop_.run();
  }

  SystemClock clock_;
  EventLoop loop_{clock_};
  std::vector<std::string> happened_;
};

TEST_F(EventLoopTest, PostedWorkRunsInItsOrder) {
  std::vector<int> order;
  for (int i = 0; i < 100; ++i) loop_.post([&order, i] { order.push_back(i); });
  loop_.post([this] { loop_.stop(); });
  run();
  ASSERT_EQ(order.size(), 100u);
  EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
}

TEST_F(EventLoopTest, PostFromOtherThreadsWakesIt) {
  std::vector<std::thread> threads;
  int ran = 0;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 250; ++i)
        loop_.post([&] {
          if (++ran == 1000) loop_.stop();
        });
    });
  run();
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(ran, 1000);
}

TEST_F(EventLoopTest, WhatIsPostedFromWithinComesLater) {
  loop_.post([this] {
    loop_.post([this] {
      happened_.push_back("second");
      loop_.stop();
    });
    happened_.push_back("first");
  });
  run();
  EXPECT_THAT(happened_, ElementsAre("first", "second"));
}

TEST_F(EventLoopTest, WhileMuchIsPostedTimersAndDescriptorsHaveTheirTurn) {
  constexpr size_t kPosts = 100;
  const Pair pair = make_pair();
  std::vector<size_t> order;
  size_t before_timer = kPosts, before_descriptor = kPosts;
  loop_.post([&] { make_ready(pair); });
  for (size_t i = 0; i < kPosts; ++i)
    loop_.post([&order, i] {
      std::this_thread::sleep_for(std::chrono::microseconds(500));  // work
      order.push_back(i);
    });
  loop_.post([this] { loop_.stop(); });
  loop_.after(milliseconds(5), [&] { before_timer = order.size(); });
  loop_.watch(pair.ours.get(), EPOLLIN, [&](uint32_t) {
    before_descriptor = order.size();
    loop_.unwatch(pair.ours.get());
  });
  run();
  EXPECT_LT(before_timer, kPosts);
  EXPECT_LT(before_descriptor, kPosts);
  ASSERT_EQ(order.size(), kPosts);
  EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
}

TEST_F(EventLoopTest, TimersFireByTimeThenByTheOrderSet) {
  const SteadyTime now = loop_.now();
  loop_.at(now + milliseconds(4), [this] {
    happened_.push_back("late");
    loop_.stop();
  });
  loop_.at(now + milliseconds(2), [this] { happened_.push_back("early"); });
  loop_.at(now + milliseconds(2), [this] { happened_.push_back("early too"); });
  loop_.at(now - milliseconds(2), [this] { happened_.push_back("overdue"); });
  run();
  EXPECT_THAT(happened_, ElementsAre("overdue", "early", "early too", "late"));
}

TEST_F(EventLoopTest, TimersAreNeverEarly) {
  const SteadyTime due = loop_.now() + std::chrono::microseconds(1500);
  SteadyTime fired{};
  loop_.at(due, [&] {
    fired = loop_.now();
    loop_.stop();
  });
  run();
  EXPECT_GE(fired, due);
}

TEST_F(EventLoopTest, ATimerMayCancelOthersAndItself) {
  const SteadyTime now = loop_.now();
  EventLoop::TimerId self{};
  const auto other = loop_.at(now + milliseconds(1), [this] { happened_.push_back("cancelled"); });
  self = loop_.at(now, [this, &self, other] {
    happened_.push_back("canceller");
    loop_.cancel(other);
    loop_.cancel(self);
  });
  loop_.at(now + milliseconds(2), [this] { loop_.stop(); });
  run();
  EXPECT_THAT(happened_, ElementsAre("canceller"));
}

TEST_F(EventLoopTest, EarlierAndLaterTimersThanTheOneWaitedForComeInTime) {
  const SteadyTime begun = loop_.now();
  const auto due = [&](int ms) { return begun + milliseconds(ms); };
  std::vector<std::chrono::nanoseconds> late;
  const auto note = [&](int ms) { return [&, ms] { late.push_back(loop_.now() - due(ms)); }; };
  const auto waited_for = loop_.at(due(10), [] { ADD_FAILURE() << "it was cancelled"; });
  std::thread other([&] {
    loop_.post([&] {
      loop_.at(due(60), [&] { loop_.stop(); });
      loop_.at(due(40), note(40));
      loop_.at(due(5), note(5));
      loop_.cancel(waited_for);
    });
  });
  run();
  other.join();
  ASSERT_EQ(late.size(), 2u);
  for (const auto by : late) {
    EXPECT_GE(by.count(), 0);
    EXPECT_LT(by, milliseconds(20)) << "it came with the next one";
  }
}

TEST_F(EventLoopTest, ATimerThatIsAlwaysDueStarvesNobody) {
  const Pair pair = make_pair();
  std::function<void()> again = [&] { loop_.after(milliseconds(0), again); };
  again();
  loop_.watch(pair.ours.get(), EPOLLIN, [this](uint32_t) { loop_.stop(); });
  make_ready(pair);
  run();
}

TEST_F(EventLoopTest, AWatchedDescriptorCallsUntilUnwatched) {
  const Pair pair = make_pair();
  int calls = 0;
  loop_.watch(pair.ours.get(), EPOLLIN, [&](uint32_t events) {
    EXPECT_TRUE(events & EPOLLIN);
    if (++calls < 3) return;  // not read, so it stays ready
    loop_.unwatch(pair.ours.get());
    loop_.post([this] { loop_.stop(); });
  });
  make_ready(pair);
  run();
  EXPECT_EQ(calls, 3);
}

TEST_F(EventLoopTest, ACallbackMayReplaceItself) {
  const Pair pair = make_pair();
  loop_.watch(pair.ours.get(), EPOLLIN, [&](uint32_t) {
    happened_.push_back("first");
    loop_.watch(pair.ours.get(), EPOLLIN | EPOLLOUT, [this](uint32_t) {
      happened_.push_back("second");
      loop_.stop();
    });
    happened_.push_back("first still alive");
  });
  make_ready(pair);
  run();
  EXPECT_THAT(happened_, ElementsAre("first", "first still alive", "second"));
}

TEST_F(EventLoopTest, WhatACallbackUnwatchedIsNotCalledAnyMore) {
  const Pair one = make_pair();
  const Pair two = make_pair();
  int calls = 0;
  const auto only_once = [&](const Pair& other) {
    return [&](uint32_t) {
      ++calls;
      loop_.unwatch(other.ours.get());
      loop_.unwatch(one.ours.get());
      loop_.unwatch(two.ours.get());
      loop_.post([this] { loop_.stop(); });
    };
  };
  loop_.watch(one.ours.get(), EPOLLIN, only_once(two));
  loop_.watch(two.ours.get(), EPOLLIN, only_once(one));
  make_ready(one);
  make_ready(two);
  run();
  EXPECT_EQ(calls, 1);
}

// A closed descriptor leaves the epoll set by itself, and its number comes back as another.
TEST_F(EventLoopTest, ADescriptorThatWasClosedWhileWatchedCanBeReplaced) {
  Pair first = make_pair();
  const int number = first.ours.get();
  loop_.watch(number, EPOLLIN, [](uint32_t) { ADD_FAILURE() << "the old one was called"; });
  first.ours.reset();
  Pair second = make_pair();
  const UniqueFd same_number(dup2(second.ours.get(), number));
  ASSERT_EQ(same_number.get(), number);
  loop_.watch(number, EPOLLIN, [this](uint32_t) {
    happened_.push_back("new");
    loop_.stop();
  });
  make_ready(second);
  run();
  EXPECT_THAT(happened_, ElementsAre("new"));
}

// What the kernel told of the old one in the same round does not reach the new one.
TEST_F(EventLoopTest, ADescriptorReplacedByACallbackBeforeItGetsNothingOfTheOld) {
  Pair one = make_pair();
  Pair two = make_pair();
  const Pair quiet = make_pair();
  int calls = 0;
  const auto replace = [&](Pair& other) {
    return [&](uint32_t) {
      ++calls;
      const int number = other.ours.get();
      loop_.unwatch(number);
      ASSERT_EQ(dup2(quiet.ours.get(), number), number);
      loop_.watch(number, EPOLLIN, [](uint32_t) { ADD_FAILURE() << "the old one's event"; });
      loop_.unwatch(&other == &one ? two.ours.get() : one.ours.get());
      loop_.after(milliseconds(1), [this] { loop_.stop(); });
    };
  };
  loop_.watch(one.ours.get(), EPOLLIN, replace(two));
  loop_.watch(two.ours.get(), EPOLLIN, replace(one));
  make_ready(one);
  make_ready(two);
  run();
  EXPECT_EQ(calls, 1);
}

TEST_F(EventLoopTest, StopBeforeRunReturnsAtOnce) {
  loop_.post([] { ADD_FAILURE() << "ran"; });
  loop_.stop();
  loop_.run();
}

TEST(LoopThreadTest, RunsOnItsOwnThreadAndStopsTwice) {
  const SystemClock clock;
  LoopThread thread(clock, "test");
  std::promise<bool> in_loop;
  thread.loop().post([&] { in_loop.set_value(thread.loop().in_loop()); });
  EXPECT_TRUE(in_loop.get_future().get());
  EXPECT_FALSE(thread.loop().in_loop());
  thread.stop();
  thread.stop();
}

}  // namespace
}  // namespace selfheal
