#include "exporter/discovery/memory_poller.h"

#include <gtest/gtest.h>

#include "tests/exporter/samples.h"

namespace selfheal {
namespace {

TEST(MemoryPoller, AsksOneAtATimeEachOnceAnInterval) {
  MemoryPoller poller(Milliseconds(10'000));
  EXPECT_EQ(poller.next(), std::nullopt);
  poller.watch({"a", "b"}, steady(0));
  EXPECT_EQ(poller.take_due(steady(0)), "a");
  EXPECT_EQ(poller.take_due(steady(0)), std::nullopt) << "one is under way";
  EXPECT_EQ(poller.next(), std::nullopt);
  poller.answered();
  EXPECT_EQ(poller.take_due(steady(1)), "b");
  poller.answered();
  EXPECT_EQ(poller.take_due(steady(2)), std::nullopt);
  EXPECT_EQ(poller.next(), steady(10));
  EXPECT_EQ(poller.take_due(steady(10)), "a");
}

TEST(MemoryPoller, ForgetsWhoStoppedAsking) {
  MemoryPoller poller(Milliseconds(10'000));
  poller.watch({"a"}, steady(0));
  EXPECT_EQ(poller.take_due(steady(0)), "a");
  poller.watch({"b"}, steady(1));
  poller.answered();
  EXPECT_EQ(poller.take_due(steady(1)), "b");
  poller.answered();
  poller.watch({"b"}, steady(2));
  EXPECT_EQ(poller.next(), steady(11));
}

}  // namespace
}  // namespace selfheal
