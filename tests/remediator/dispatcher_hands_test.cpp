// How many incidents are worked on at once, and who waits for whom.
#include <algorithm>
#include <thread>

#include "tests/remediator/dispatcher_fixture.h"

namespace selfheal {
namespace {

class DispatcherHandsTest : public DispatcherFixture {};

TEST_F(DispatcherHandsTest, DifferentIncidentsAreSteppedAtTheSameTime) {
  const int64_t one = add("one");
  const int64_t two = add("two");
  const int64_t three = add("three");
  for (const int64_t id : {one, two, three}) hold(id);
  start(2);
  while (steps(one) + steps(two) + steps(three) < 2) std::this_thread::yield();
  dispatcher_->wake({one, two, three});
  EXPECT_EQ(steps(one) + steps(two) + steps(three), 2) << "as many as there are hands";
  release_all();
  for (const int64_t id : {one, two, three}) wait_for(id, 1);
}

TEST_F(DispatcherHandsTest, HandsCanBeAddedAndTakenAwayWhileItWorks) {
  const int64_t one = add("one");
  const int64_t two = add("two");
  const int64_t three = add("three");
  for (const int64_t id : {one, two, three}) hold(id);
  start(1);
  const auto begun = [&] { return steps(one) + steps(two) + steps(three); };
  while (begun() < 1) std::this_thread::yield();
  dispatcher_->set_hands(3);
  for (const int64_t id : {one, two, three}) wait_for(id, 1);
  dispatcher_->set_hands(1);
  release_all();
  pass();
  // Due only when they are held: the dispatcher looks by itself, too.
  const int64_t four = add("four", kNow + std::chrono::hours(1));
  const int64_t five = add("five", kNow + std::chrono::hours(1));
  for (const int64_t id : {four, five}) {
    hold(id);
    change(id, [](Incident& incident) { incident.next_at = kNow; });
  }
  dispatcher_->wake({four, five});
  while (steps(four) + steps(five) < 1) std::this_thread::yield();
  dispatcher_->wake({four, five});
  EXPECT_EQ(steps(four) + steps(five), 1) << "one hand works, the two others rest";
  release_all();
  for (const int64_t id : {four, five}) wait_for(id, 1);
}

TEST_F(DispatcherHandsTest, OneStepThatTakesLongHoldsNobodyUp) {
  const int64_t stuck = add("stuck");
  hold(stuck);
  start(2);
  wait_for(stuck, 1);
  for (int i = 0; i < 5; ++i) pass();
  EXPECT_EQ(steps(stuck), 1);
}

// Its engine leaves every call waiting, and there is more to do for it than anybody looks at at
// once.
TEST_F(DispatcherHandsTest, AHostThatHangsTakesNoHandFromAnother) {
  std::vector<int64_t> hanging;
  ASSERT_TRUE(journal_
                  ->write([&](JournalWriter& writer) {
                    for (int i = 0; i < 2'000; ++i) {
                      Incident incident = waiting_incident();
                      incident.host = "hanging";
                      incident.container = "c" + std::to_string(i);
                      incident.next_at = WallTime{};
                      writer.save(incident);
                      hanging.push_back(incident.id);
                    }
                  })
                  .ok());
  for (const int64_t id : hanging) hold(id);
  const int64_t fine = add("web", kNow, "fine");
  const int64_t elsewhere = add("web", kNow, "unknown");
  start(2, {"hanging", "fine"});
  wait_for(fine, 1);
  wait_for(elsewhere, 1);
  for (int i = 0; i < 3; ++i) {
    const int64_t next = add("web " + std::to_string(i), kNow, "fine");
    dispatcher_->wake({next});
    wait_for(next, 1);
  }
  const auto begun = [&] {
    return std::count_if(hanging.begin(), hanging.end(), [&](int64_t id) { return steps(id) > 0; });
  };
  EXPECT_EQ(begun(), 2) << "as many as a host has hands";
  release_all();
  while (begun() < 2'000) std::this_thread::yield();
}

}  // namespace
}  // namespace selfheal
