#include "compose/sample-app/waiting_room.h"

#include <future>

#include <gtest/gtest.h>

namespace sample_app {
namespace {

using namespace std::chrono_literals;
using Outcome = WaitingRoom::Outcome;

std::future<Outcome> wait_in(WaitingRoom& room) {
  const auto before = room.era();
  return std::async(std::launch::async,
                    [&room, before] { return room.wait(before, std::nullopt); });
}

void until_occupied(const WaitingRoom& room, size_t count) {
  while (room.occupied() != count) std::this_thread::yield();
}

TEST(WaitingRoom, WaitsAsLongAsAsked) {
  WaitingRoom room(1);
  EXPECT_EQ(room.wait(room.era(), 1ms), Outcome::elapsed);
  EXPECT_EQ(room.occupied(), 0u);
}

TEST(WaitingRoom, ReleasesEverybody) {
  WaitingRoom room(2);
  auto first = wait_in(room);
  auto second = wait_in(room);
  until_occupied(room, 2);
  room.release_all();
  EXPECT_EQ(first.get(), Outcome::released);
  EXPECT_EQ(second.get(), Outcome::released);
}

TEST(WaitingRoom, DoesNotWaitForWhatIsOver) {
  WaitingRoom room(1);
  const auto before = room.era();
  room.release_all();
  EXPECT_EQ(room.wait(before, std::nullopt), Outcome::released);
}

TEST(WaitingRoom, TurnsOutWhoeverHasWaitedLongest) {
  WaitingRoom room(1);
  auto first = wait_in(room);
  until_occupied(room, 1);
  auto second = wait_in(room);
  EXPECT_EQ(first.get(), Outcome::turned_out);
  until_occupied(room, 1);
  room.release_all();
  EXPECT_EQ(second.get(), Outcome::released);
}

}  // namespace
}  // namespace sample_app
