#include "exporter/discovery/inspect_queue.h"

#include <gtest/gtest.h>

#include "tests/exporter/samples.h"

namespace selfheal {
namespace {

TEST(InspectQueue, GivesEachOnceInOrder) {
  InspectQueue queue;
  for (const char* id : {"b", "a", "b"}) queue.add(id);
  EXPECT_EQ(queue.take(steady(0)), "b");
  EXPECT_EQ(queue.take(steady(0)), "a");
  EXPECT_EQ(queue.take(steady(0)), std::nullopt);
  queue.add("b");
  EXPECT_EQ(queue.take(steady(0)), "b") << "something happened since";
}

TEST(InspectQueue, AfterABurstThePaceHolds) {
  InspectQueue queue;
  for (int i = 0; i < 1'000; ++i) queue.add(std::to_string(i));
  int taken = 0;
  while (queue.take(steady(0))) ++taken;
  EXPECT_EQ(taken, InspectQueue::kBurst);
  EXPECT_EQ(queue.next(), steady(0.01));
  EXPECT_FALSE(queue.take(steady(0.009)));
  while (queue.take(steady(1))) ++taken;
  EXPECT_EQ(taken, InspectQueue::kBurst + 100);
}

TEST(InspectQueue, WaitsForNothingWhenEmpty) {
  InspectQueue queue;
  queue.add("a");
  queue.clear();
  EXPECT_EQ(queue.next(), std::nullopt);
  queue.add("a");
  EXPECT_EQ(queue.take(steady(0)), "a");
}

}  // namespace
}  // namespace selfheal
