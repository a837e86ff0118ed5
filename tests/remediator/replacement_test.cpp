#include "remediator/act/recreate/replacement.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/fake_docker.h"
#include "tests/support/manual_clock.h"

namespace selfheal {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using Effect = FakeDocker::Effect;
using Kind = DockerFailureKind;

const std::string kParked = "web-selfheal-id-of-web";
const std::string kReady = "web-selfheal-new-id-of-web";
const std::string kNext = "web-selfheal-next-id-of-web";
constexpr int kSteps = 8;      // of replace()
constexpr int kStepsBack = 5;  // of put_back()
constexpr int kCommittedBy =
    3;  // create, connect, rename: from the next one on the old one is touched
const std::string kAlways = R"({"MaximumRetryCount":0,"Name":"always"})";

// A container on two networks that Docker restarts by itself.
struct Yard {
  Yard() {
    docker.add("db");
    ContainerDetails& web = docker.add("web");
    web.image = "shop:1";
    web.network_mode = "front";
    web.networks = {{"front", "", ""}, {"back", "", ""}};
    EXPECT_TRUE(docker.set_restart_policy("id-of-web", kAlways));
    before = docker.actions().size();
  }
  Replacement replacement() { return {docker, "id-of-web", "web", std::chrono::seconds(7)}; }
  std::vector<std::string> actions() const {
    auto all = docker.actions();
    return {all.begin() + static_cast<std::ptrdiff_t>(before), all.end()};
  }
  // The action of that number, from 1, goes as the script says.
  void at(int number, FakeDocker::ActionScript script) {
    if (number == 1) return docker.next_action(script);
    auto count = std::make_shared<int>(1);
    docker.next_action({Effect::usual,
                        {},
                        [this, number, script, count] {
                          if (++*count == number) docker.next_action(script);
                        },
                        1000});
  }
  void expect_old_in_place(const std::string& where) {
    const auto web = docker.inspect("web");
    ASSERT_TRUE(web) << where;
    EXPECT_EQ(web->id, "id-of-web") << where;
    EXPECT_TRUE(web->running()) << where;
    EXPECT_EQ(docker.restart_policy("id-of-web"), kAlways) << where;
    EXPECT_EQ(docker.list()->size(), 2U) << where;
  }
  void expect_replaced(const std::string& where) {
    const auto web = docker.inspect("web");
    ASSERT_TRUE(web) << where;
    EXPECT_NE(web->id, "id-of-web") << where;
    EXPECT_TRUE(web->running()) << where;
    EXPECT_EQ(web->networks.size(), 2U) << where;
    EXPECT_EQ(docker.restart_policy(web->id), kAlways) << where;
    ASSERT_TRUE(docker.inspect(kParked)) << where;
    EXPECT_FALSE(docker.inspect(kParked)->running()) << where;
    EXPECT_EQ(docker.restart_policy("id-of-web"), kNoRestart) << where;
    EXPECT_EQ(docker.list()->size(), 3U) << where;
  }

  ManualClock clock;
  FakeDocker docker{clock};
  size_t before = 0;
};

TEST(ReplacementTest, TakesEachStepOnce) {
  Yard yard;
  const auto replaced = yard.replacement().replace();
  ASSERT_TRUE(replaced) << replaced.error().cause.message;
  EXPECT_EQ(*replaced, "made-1");
  EXPECT_THAT(yard.actions(),
              ElementsAre("create " + kReady, "connect made-1 back", "rename made-1 " + kNext,
                          "stop id-of-web t=7", "policy id-of-web " + std::string(kNoRestart),
                          "rename id-of-web " + kParked, "rename made-1 web", "start made-1"));
  yard.expect_replaced("");
  EXPECT_EQ(*yard.replacement().standing(), ReplacementStanding::replaced);
  EXPECT_EQ(*yard.replacement().replace(), "made-1") << "again there is nothing to do";
  EXPECT_EQ(yard.actions().size(), size_t{kSteps});
}

TEST(ReplacementTest, FinishesByRemovingTheOldOne) {
  Yard yard;
  ASSERT_TRUE(yard.replacement().replace());
  ASSERT_TRUE(yard.replacement().finish());
  EXPECT_EQ(yard.actions().back(), "remove id-of-web");
  EXPECT_EQ(*yard.replacement().standing(), ReplacementStanding::gone);
  EXPECT_TRUE(yard.replacement().finish()) << "again there is nothing to do";
  EXPECT_EQ(yard.replacement().put_back().error().kind, Kind::not_found);
}

TEST(ReplacementTest, PutsTheOldOneBack) {
  Yard yard;
  ASSERT_TRUE(yard.replacement().replace());
  ASSERT_TRUE(yard.replacement().put_back());
  yard.expect_old_in_place("");
  EXPECT_EQ(*yard.replacement().standing(), ReplacementStanding::untouched);
  EXPECT_TRUE(yard.replacement().put_back()) << "again there is nothing to do";
  EXPECT_EQ(yard.actions().size(), size_t{kSteps + kStepsBack});
}

TEST(ReplacementTest, NothingIsFinishedThatWasNotReplaced) {
  Yard yard;
  const auto finished = yard.replacement().finish();
  ASSERT_FALSE(finished);
  EXPECT_THAT(finished.error().message, HasSubstr("no new one is in its place"));
  EXPECT_TRUE(yard.actions().empty());
}

// The process dies, or Docker is not heard of any more: before the step had its effect, or after.
TEST(ReplacementTest, AfterACrashAtAnyStepItGoesOn) {
  for (int step = 1; step <= kSteps; ++step) {
    for (const Effect effect : {Effect::none, Effect::usual}) {
      Yard yard;
      const std::string where =
          "step " + std::to_string(step) + (effect == Effect::none ? " before" : " after");
      yard.at(step, {effect, Kind::aborted, [&] { yard.docker.fail_all(Kind::aborted); }});
      const auto died = yard.replacement().replace();
      ASSERT_FALSE(died) << where;
      EXPECT_FALSE(died.error().old_in_place) << where;
      yard.docker.fail_all({});
      const auto replaced = yard.replacement().replace();
      ASSERT_TRUE(replaced) << where << ": " << replaced.error().cause.message;
      yard.expect_replaced(where);
      ASSERT_TRUE(yard.replacement().finish()) << where;
    }
  }
}

TEST(ReplacementTest, AfterACrashAtAnyStepItIsPutBack) {
  for (int step = 1; step <= kSteps + kStepsBack; ++step) {
    for (const Effect effect : {Effect::none, Effect::usual}) {
      Yard yard;
      const std::string where =
          "step " + std::to_string(step) + (effect == Effect::none ? " before" : " after");
      yard.at(step, {effect, Kind::aborted, [&] { yard.docker.fail_all(Kind::aborted); }});
      if (yard.replacement().replace()) {
        EXPECT_FALSE(yard.replacement().put_back()) << where;
      }
      yard.docker.fail_all({});
      const auto back = yard.replacement().put_back();
      ASSERT_TRUE(back) << where << ": " << back.error().message;
      yard.expect_old_in_place(where);
    }
  }
}

// What did not answer in time but did it is as good as done.
TEST(ReplacementTest, AnAnswerThatIsLostIsLookedFor) {
  for (int step = 1; step <= kSteps; ++step) {
    Yard yard;
    yard.at(step, {Effect::usual, Kind::timeout});
    ASSERT_TRUE(yard.replacement().replace()) << step;
    yard.expect_replaced(std::to_string(step));
    EXPECT_EQ(yard.actions().size(), size_t{kSteps}) << "nothing twice";
  }
}

TEST(ReplacementTest, WhatIsNotKnownToHaveFailedIsLeftForTheNextCall) {
  for (int step = 1; step <= kSteps; ++step) {
    for (const Kind kind : {Kind::timeout, Kind::unavailable, Kind::malformed}) {
      Yard yard;
      yard.at(step, {Effect::none, kind});
      const auto failed = yard.replacement().replace();
      ASSERT_FALSE(failed) << step;
      EXPECT_EQ(failed.error().cause.kind, kind);
      EXPECT_FALSE(failed.error().old_in_place);
      ASSERT_TRUE(yard.replacement().replace()) << step;
      yard.expect_replaced(std::to_string(step));
    }
  }
}

TEST(ReplacementTest, BeforeTheOldOneIsTouchedItIsPreparedAndCanBeWithdrawn) {
  for (int step = 1; step <= kSteps; ++step) {
    Yard yard;
    const std::string where = "after step " + std::to_string(step);
    yard.at(step, {Effect::usual, Kind::aborted, [&] { yard.docker.fail_all(Kind::aborted); }});
    ASSERT_FALSE(yard.replacement().replace()) << where;
    yard.docker.fail_all({});
    const auto standing = yard.replacement().standing();
    ASSERT_TRUE(standing) << where;
    EXPECT_EQ(*standing == ReplacementStanding::prepared, step < kCommittedBy) << where;
    if (step >= kCommittedBy) continue;
    ASSERT_TRUE(yard.replacement().withdraw()) << where;
    EXPECT_EQ(yard.actions().back(), "remove made-1") << where;
    EXPECT_EQ(*yard.replacement().standing(), ReplacementStanding::untouched) << where;
    yard.expect_old_in_place(where);
    EXPECT_TRUE(yard.replacement().withdraw()) << "again there is nothing to do";
  }
}

TEST(ReplacementTest, WhatDockerRefusesIsPutBackAtOnce) {
  for (int step = 1; step <= kSteps; ++step) {
    for (const Kind kind : {Kind::failed, Kind::conflict, Kind::not_found, Kind::refused}) {
      Yard yard;
      yard.at(step, {Effect::none, kind});
      const auto failed = yard.replacement().replace();
      ASSERT_FALSE(failed) << step;
      // The signal is out.
      const bool may_end_yet = kind == Kind::failed && yard.actions().back().starts_with("stop ");
      EXPECT_EQ(failed.error().old_in_place, !may_end_yet) << step;
      EXPECT_EQ(failed.error().cause.kind, may_end_yet ? Kind::timeout : kind);
      if (!may_end_yet) yard.expect_old_in_place(std::to_string(step));
    }
  }
}

TEST(ReplacementTest, UntilTheNewOneStandsReadyTheOldOneIsNotTouched) {
  Yard yard;
  yard.docker.next_action({Effect::none, Kind::not_found});
  ASSERT_FALSE(yard.replacement().replace());
  EXPECT_THAT(yard.actions(), ElementsAre("create " + kReady));
}

// A stopped one that can't be recreated is not started either.
TEST(ReplacementTest, WhatWasNotBegunIsLeftAsItWas) {
  Yard yard;
  yard.docker.change("web", [](ContainerDetails& web) { web.state = ContainerState::exited; });
  yard.docker.next_action({Effect::none, Kind::not_found});
  const auto failed = yard.replacement().replace();
  ASSERT_FALSE(failed);
  EXPECT_TRUE(failed.error().old_in_place);
  EXPECT_FALSE(yard.docker.inspect("web")->running());
}

TEST(ReplacementTest, SaysWhatFailedAndWhy) {
  Yard yard;
  yard.at(kSteps, {Effect::none, Kind::failed});
  const auto failed = yard.replacement().replace();
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().cause.message,
            "replacing web: starting the new one: the fake engine says failed; the old one is in "
            "its place");
}

TEST(ReplacementTest, TheImageIsAskedForByNameWhileThatIsTheSame) {
  Yard yard;
  ASSERT_TRUE(yard.replacement().replace());
  EXPECT_EQ(yard.docker.inspect("web")->image, "shop:1");
}

TEST(ReplacementTest, AContainerThatOthersHangOnIsNotReplaced) {
  Yard yard;
  yard.docker.change("db", [](ContainerDetails& db) { db.network_mode = "container:web"; });
  const auto failed = yard.replacement().replace();
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().cause.kind, Kind::refused);
  EXPECT_THAT(failed.error().cause.message, HasSubstr("db is in its network namespace"));
  EXPECT_TRUE(failed.error().old_in_place);
  EXPECT_TRUE(yard.actions().empty());
}

// It could not be put back.
TEST(ReplacementTest, AContainerWhoseNetworkIsGoneIsNotReplaced) {
  Yard yard;
  yard.docker.lose_network("back");
  const auto failed = yard.replacement().replace();
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().cause.kind, Kind::refused);
  EXPECT_THAT(failed.error().cause.message, HasSubstr("its network back was removed"));
  EXPECT_TRUE(failed.error().old_in_place);
  EXPECT_TRUE(yard.actions().empty());
  EXPECT_TRUE(yard.docker.inspect("web")->running());
}

TEST(ReplacementTest, WhatDockerDoesNotShowIsNoEndlessLoop) {
  Yard yard;
  yard.docker.next_action({Effect::none, {}, {}, 100'000});
  const auto failed = yard.replacement().replace();
  ASSERT_FALSE(failed);
  EXPECT_THAT(failed.error().cause.message, HasSubstr("does not show it"));
}

TEST(ReplacementTest, WithoutDockerNothingIsKnown) {
  Yard yard;
  yard.docker.fail_all(Kind::unreachable);
  EXPECT_EQ(yard.replacement().replace().error().cause.kind, Kind::unreachable);
  EXPECT_EQ(yard.replacement().finish().error().kind, Kind::unreachable);
  EXPECT_EQ(yard.replacement().put_back().error().kind, Kind::unreachable);
  EXPECT_EQ(yard.replacement().standing().error().kind, Kind::unreachable);
  EXPECT_TRUE(yard.actions().empty());
}

}  // namespace
}  // namespace selfheal
