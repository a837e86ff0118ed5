#include "remediator/decision/decision.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/remediator/samples.h"

namespace selfheal {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;

class DecisionTest : public testing::Test {
 protected:
  Decision decision() const { return decide(facts_, settings_); }
  void label(const std::string& name, const std::string& value) {
    facts_.inspected->labels[name] = value;
  }

  Facts facts_ = good_facts();
  GuardSettings settings_;
};

TEST_F(DecisionTest, WithoutObjectionItActs) {
  const Decision decided = decision();
  EXPECT_EQ(decided.verdict, Verdict::act);
  EXPECT_EQ(decided.reason, Reason::due);
  EXPECT_EQ(decided.step.action, Action::restart);
}

TEST_F(DecisionTest, ActsAsTheAlertAsks) {
  facts_.asked_action = "start";
  facts_.inspected->state = ContainerState::exited;
  EXPECT_EQ(decision().verdict, Verdict::act);
  EXPECT_EQ(decision().step.action, Action::start);
}

TEST_F(DecisionTest, TheContainersOwnLabelWinsOverTheAlert) {
  label("selfheal.action", "start");
  facts_.inspected->state = ContainerState::exited;
  EXPECT_EQ(decision().step.action, Action::start);
  label("selfheal.action", "");
  facts_.inspected->state = ContainerState::running;
  EXPECT_EQ(decision().step.action, Action::restart) << "an empty one says nothing";
}

TEST_F(DecisionTest, ToRestartWhatIsDownIsToStartIt) {
  label("selfheal.action", "restart");
  facts_.asked_action = "start";
  facts_.inspected->state = ContainerState::exited;
  EXPECT_EQ(decision().verdict, Verdict::act);
  EXPECT_EQ(decision().step.action, Action::start);
}

TEST_F(DecisionTest, NoneAlwaysWins) {
  label("selfheal.action", "none");
  EXPECT_EQ(decision().verdict, Verdict::refuse);
  EXPECT_EQ(decision().reason, Reason::action_none);
  facts_.inspected->labels.erase("selfheal.action");
  facts_.asked_action = "none";
  EXPECT_EQ(decision().reason, Reason::action_none);
}

TEST_F(DecisionTest, OneObjectionAfterTheOtherInTheOrderOfTheList) {
  // Everything stands in the way; taking away what is told, the next comes out.
  facts_.host = "elsewhere";
  facts_.is_self = true;
  facts_.inspected->labels = {{"selfheal.action", "none"}, {"selfheal.dry-run", "true"}};
  facts_.inspected->state = ContainerState::paused;
  facts_.attempts_used = 3;
  facts_.not_before = kNow + seconds(1);
  facts_.last_attempt_ended_at = kNow;
  facts_.lease_until = kNow - seconds(1);
  facts_.policy = {false, {"storm"}};
  facts_.around.under_way = {under_way("shop/web", "web-2"), under_way("shop/db", "db")};
  const auto inspected = facts_.inspected;
  facts_.inspected.reset();
  facts_.docker_failure = DockerFailure{DockerFailureKind::not_found, ""};

  std::vector<std::string> order;
  const std::vector<std::function<void()>> remedies{
      [&] { facts_.host = "box"; },
      [&] { facts_.inspected = inspected; },
      [&] { facts_.is_self = false; },
      [&] { label("selfheal.enable", "true"); },
      [&] { label("selfheal.action", "restart"); },
      [&] { facts_.inspected->state = ContainerState::running; },
      [&] { facts_.attempts_used = 2; },
      [&] { facts_.not_before = kNow; },
      [&] { facts_.last_attempt_ended_at.reset(); },
      [&] { facts_.lease_until = kNow; },
      [&] { facts_.policy.holds.clear(); },
      [&] { facts_.policy.alerts_firing = true; },
      [&] { facts_.around.under_way[0].group = "other"; },
      [&] { facts_.around.under_way.clear(); },
      [&] { label("selfheal.dry-run", "false"); }};
  for (const auto& remedy : remedies) {
    order.emplace_back(to_string(decision().reason));
    remedy();
  }
  order.emplace_back(to_string(decision().reason));
  EXPECT_THAT(order, ElementsAre("unknown_host", "no_such_container", "self", "not_opted_in",
                                 "action_none", "container_paused", "attempts_used_up", "backoff",
                                 "cooldown", "lease_over", "hold", "not_firing", "group_busy",
                                 "concurrency_limit", "dry_run", "due"));
}

TEST(DecisionNames, OfVerdicts) {
  EXPECT_EQ(to_string(Verdict::act), "act");
  EXPECT_EQ(to_string(Verdict::wait), "wait");
  EXPECT_EQ(to_string(Verdict::refuse), "refuse");
}

// decision/facts
TEST(FactsJson, HoldsWhatWasDecidedFrom) {
  Facts facts = good_facts();
  facts.policy.holds = {"storm"};
  facts.last_attempt_ended_at = kNow - seconds(5);
  facts.inspected->labels = {{"selfheal.enable", "true"}, {"secret", "of the owner"}};
  facts.around.under_way = {under_way("shop/web", "web-2")};
  const auto json = nlohmann::json::parse(to_json(facts));
  EXPECT_EQ(json["now"], "2026-01-31T12:00:00.000Z");
  EXPECT_EQ(json["host"], "box");
  EXPECT_EQ(json["group"], "shop/web");
  EXPECT_EQ(json["under_way"][0]["container"], "web-2");
  EXPECT_EQ(json["under_way"][0]["requested_at"], "2026-01-31T12:00:00.000Z");
  EXPECT_TRUE(json["under_way"][0]["acted_at"].is_null());
  EXPECT_EQ(json["policy_source"], "answered");
  EXPECT_EQ(json["holds"], nlohmann::json::array({"storm"}));
  EXPECT_EQ(json["last_attempt_ended_at"], "2026-01-31T11:59:55.000Z");
  EXPECT_EQ(json["inspected"]["state"], "running");
  EXPECT_EQ(json["inspected"]["labels"]["selfheal.enable"], "true");
  EXPECT_FALSE(json["inspected"]["labels"].contains("secret")) << "only our own labels";
}

TEST(FactsJson, HoldsWhatFailed) {
  Facts facts = good_facts();
  facts.inspected.reset();
  facts.docker_failure = DockerFailure{DockerFailureKind::timeout, "no answer \xff"};
  facts.policy_source = PolicySource::failed;
  facts.policy_failure = "connection refused";
  const auto json = nlohmann::json::parse(to_json(facts));
  EXPECT_THAT(json["docker_failure"].get<std::string>(), HasSubstr("no answer"));
  EXPECT_EQ(json["policy_failure"], "connection refused");
  EXPECT_FALSE(json.contains("inspected"));
}

}  // namespace
}  // namespace selfheal
