// The next step from everything that Docker can show, whoever made it so.
#include "remediator/act/recreate/replacement_view.h"

#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/remediator/inspected.h"

namespace selfheal {
namespace {

using Step = ReplacementStep;

const std::string kOldId = "0123456789abcdef";
const std::string kAlways = R"({"MaximumRetryCount":0,"Name":"always"})";

SeenContainer seen(const std::string& id, const std::string& name) {
  SeenContainer made;
  made.id = id;
  made.name = name;
  made.image_id = "sha256:aa";
  made.labels = "{}";
  made.restart_policy = kAlways;
  made.networks = {"front", "back"};
  return made;
}

ReplacementView untouched() {
  ReplacementView view{ReplacementNames("web", kOldId), seen(kOldId, "web"), {}, {}, {}};
  view.old_one->up = view.old_one->was_started = true;
  return view;
}

// What Docker does with a step.
void take(Step step, ReplacementView& view) {
  std::optional<SeenContainer>& new_one = view.ready ? view.ready : view.successor;
  switch (step) {
    case Step::create:
      ASSERT_FALSE(view.ready);
      view.ready = seen("new", view.names.ready);
      view.ready->restart_policy = view.old_one->restart_policy;
      view.missing_networks = {"back"};
      break;
    case Step::connect:
      view.missing_networks.clear();
      break;
    case Step::commit:
      view.ready->name = view.names.next;
      break;
    case Step::stop_old:
      view.old_one->up = false;
      break;
    case Step::park:
      view.old_one->restart_policy = kNoRestart;
      break;
    case Step::rename_old:
      view.old_one->name = view.names.parked;
      break;
    case Step::rename_new:
      ASSERT_FALSE(view.successor);
      view.successor = std::exchange(view.ready, std::nullopt);
      view.successor->name = view.names.own;
      break;
    case Step::start_new:
      ASSERT_FALSE(view.old_one->up) << "never both";
      view.successor->up = view.successor->was_started = true;
      break;
    case Step::stop_new:
      new_one->up = false;
      break;
    case Step::unpark:
      view.old_one->restart_policy = new_one->restart_policy;
      break;
    case Step::remove_new:
      ASSERT_FALSE(new_one->up);
      new_one.reset();
      break;
    case Step::take_name_back:
      ASSERT_FALSE(view.successor);
      view.old_one->name = view.names.own;
      break;
    case Step::start_old:
      ASSERT_FALSE(view.successor && view.successor->up) << "never both";
      view.old_one->up = true;
      break;
    case Step::remove_old:
      ASSERT_FALSE(view.old_one->up);
      view.old_one.reset();
      break;
    default:
      FAIL() << "no step: " << to_string(step);
  }
}

using Next = ReplacementStep (*)(const ReplacementView&);
std::vector<Step> walk(ReplacementView& view, Next next, size_t most = 100) {
  std::vector<Step> steps;
  for (Step step = next(view); step != Step::done && steps.size() < most; step = next(view)) {
    steps.push_back(step);
    take(step, view);
    if (testing::Test::HasFatalFailure()) break;
  }
  return steps;
}

TEST(ReplacementView, TheOldOneIsTouchedWhenTheNewOneStandsReady) {
  ReplacementView view = untouched();
  EXPECT_THAT(
      walk(view, &next_to_replace),
      testing::ElementsAre(Step::create, Step::connect, Step::commit, Step::stop_old, Step::park,
                           Step::rename_old, Step::rename_new, Step::start_new));
  EXPECT_EQ(view.successor->restart_policy, kAlways);
  EXPECT_THAT(walk(view, &next_to_finish), testing::ElementsAre(Step::remove_old));
}

TEST(ReplacementView, GoesBackTheWayItCame) {
  ReplacementView view = untouched();
  walk(view, &next_to_replace);
  EXPECT_THAT(walk(view, &next_to_put_back),
              testing::ElementsAre(Step::stop_new, Step::unpark, Step::remove_new,
                                   Step::take_name_back, Step::start_old));
  EXPECT_EQ(view.old_one->restart_policy, kAlways);
}

TEST(ReplacementView, FromEveryCrashItGoesOn) {
  for (size_t there = 0; there <= 8; ++there) {
    ReplacementView view = untouched();
    walk(view, &next_to_replace, there);
    walk(view, &next_to_replace);
    ASSERT_TRUE(view.successor && view.successor->up && view.old_one) << there;
    EXPECT_FALSE(view.old_one->up);
    EXPECT_EQ(view.old_one->restart_policy, kNoRestart);
    EXPECT_EQ(view.successor->restart_policy, kAlways);
  }
}

TEST(ReplacementView, FromEveryCrashItGoesBack) {
  for (size_t there = 0; there <= 8; ++there) {
    for (size_t back = 0; back <= 5; ++back) {
      ReplacementView home = untouched();
      walk(home, &next_to_replace, there);
      walk(home, &next_to_put_back, back);
      walk(home, &next_to_put_back);
      ASSERT_TRUE(home.old_one) << there << " " << back;
      EXPECT_FALSE(home.successor || home.ready);
      EXPECT_TRUE(home.old_one->up);
      EXPECT_EQ(home.old_one->name, "web");
      EXPECT_EQ(home.old_one->restart_policy, kAlways);
    }
  }
}

// A stop that was asked for and has not ended yet is not to be seen.
TEST(ReplacementView, ItCanBeToldThatTheOldOneWasNotTouched) {
  for (size_t there = 0; there <= 8; ++there) {
    ReplacementView view = untouched();
    const auto steps = walk(view, &next_to_replace, there);
    const bool created = there > 0;
    const bool committed = there >= 3;  // create, connect, commit
    EXPECT_EQ(is_uncommitted(view), created && !committed) << there;
  }
}

TEST(ReplacementView, WithdrawnTheNewOneGoesAndTheOldOneIsLeftAsItIs) {
  for (const bool up : {true, false}) {
    ReplacementView view = untouched();
    view.old_one->up = up;
    EXPECT_EQ(next_to_withdraw(view), Step::done);
    walk(view, &next_to_replace, 2);
    EXPECT_THAT(walk(view, &next_to_withdraw), testing::ElementsAre(Step::remove_new));
    EXPECT_EQ(view.old_one->up, up);
    EXPECT_FALSE(view.ready || view.successor);
  }
}

// By `docker update --restart`, between the crash and the next process.
TEST(ReplacementView, WithdrawnARestartPolicyThatAPersonHasChangedStands) {
  ReplacementView view = untouched();
  walk(view, &next_to_replace, 2);
  view.old_one->restart_policy = kNoRestart;
  EXPECT_THAT(walk(view, &next_to_withdraw), testing::ElementsAre(Step::remove_new));
  EXPECT_EQ(view.old_one->restart_policy, kNoRestart);
}

TEST(ReplacementView, WithdrawnANewOneThatSomebodyHasStartedIsStoppedFirst) {
  ReplacementView view = untouched();
  walk(view, &next_to_replace, 2);
  view.ready->up = true;
  EXPECT_THAT(walk(view, &next_to_withdraw),
              testing::ElementsAre(Step::stop_new, Step::remove_new));
}

// It is litter, whatever has its name now.
TEST(ReplacementView, WithdrawnTheNewOneGoesWhereTheOldOneIsGone) {
  ReplacementView view = untouched();
  walk(view, &next_to_replace, 6);
  view.old_one.reset();
  view.successor = seen("stranger", "web");
  EXPECT_THAT(walk(view, &next_to_withdraw), testing::ElementsAre(Step::remove_new));
  EXPECT_TRUE(view.successor);
}

// dockerd was restarted between the stop and the taking of the policy, or in put_back().
TEST(ReplacementView, AnOldOneThatCameUpAgainIsStopped) {
  ReplacementView view = untouched();
  walk(view, &next_to_replace);
  view.old_one->up = true;
  EXPECT_EQ(next_to_replace(view), Step::stop_old);
  EXPECT_EQ(next_to_finish(view), Step::stop_old);
}

TEST(ReplacementView, ANewOneThatDidNotLastIsNotStartedAgain) {
  ReplacementView view = untouched();
  walk(view, &next_to_replace);
  view.successor->up = false;
  EXPECT_EQ(next_to_replace(view), Step::done) << "whoever verifies it will see that";
}

TEST(ReplacementView, WithoutAnOldOneThereIsNothingToReplace) {
  ReplacementView view = untouched();
  view.old_one.reset();
  EXPECT_EQ(next_to_replace(view), Step::old_is_gone);
  EXPECT_EQ(next_to_put_back(view), Step::old_is_gone);
  EXPECT_EQ(next_to_finish(view), Step::done);
  view.ready = seen("new", view.names.ready);
  EXPECT_EQ(next_to_put_back(view), Step::remove_new) << "nobody would";
}

TEST(ReplacementView, AStrangersContainerIsLeftAlone) {
  ReplacementView view = untouched();
  walk(view, &next_to_replace, 6);
  view.successor = seen("stranger", "web");
  EXPECT_EQ(next_to_replace(view), Step::name_is_taken) << "even if it is just like ours";
  EXPECT_EQ(next_to_put_back(view), Step::name_is_taken);
  view.ready.reset();
  view.successor->image_id = "sha256:bb";
  EXPECT_EQ(next_to_replace(view), Step::name_is_taken);
  EXPECT_EQ(next_to_put_back(view), Step::name_is_taken);
}

TEST(ReplacementView, AContainerThatAPersonRenamedIsNotReplaced) {
  ReplacementView view = untouched();
  view.old_one->name = "web-before";
  EXPECT_EQ(next_to_replace(view), Step::was_renamed);
}

TEST(ReplacementView, ANewOneOfAnotherImageIsNotTaken) {
  ReplacementView view = untouched();
  walk(view, &next_to_replace, 1);
  view.ready->image_id = "sha256:bb";
  EXPECT_EQ(next_to_replace(view), Step::remove_new);
}

TEST(ReplacementView, NothingIsFinishedThatHasNotBeenReplaced) {
  ReplacementView view = untouched();
  EXPECT_EQ(next_to_finish(view), Step::not_replaced);
  walk(view, &next_to_replace, 6);
  EXPECT_EQ(next_to_finish(view), Step::not_replaced);
}

TEST(ReplacementView, ReadsWhatEnginesAnswer) {
  for (const char* engine : {"docker_20_10", "docker_28_5"}) {
    auto json = inspected(engine);
    const auto container = parse_seen_container(json.dump());
    ASSERT_TRUE(container) << container.error().message;
    EXPECT_EQ(container->name, "shop-web");
    EXPECT_EQ(container->restart_policy, R"({"MaximumRetryCount":3,"Name":"on-failure"})");
    EXPECT_TRUE(container->up && container->was_started);
    EXPECT_THAT(container->networks, testing::ElementsAre("shop-web-back", "shop-web-front"));
    json["State"]["Status"] = "created";
    json["State"]["StartedAt"] = "0001-01-01T00:00:00Z";
    json["HostConfig"]["RestartPolicy"]["Name"] = "";
    json["HostConfig"]["RestartPolicy"]["MaximumRetryCount"] = 0;
    const auto created = parse_seen_container(json.dump());
    ASSERT_TRUE(created);
    EXPECT_FALSE(created->up || created->was_started);
    EXPECT_EQ(created->restart_policy, kNoRestart);
  }
  EXPECT_FALSE(parse_seen_container("{}"));
}

}  // namespace
}  // namespace selfheal
