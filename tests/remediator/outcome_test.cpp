#include "remediator/outcome/outcome.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/remediator/samples.h"

namespace selfheal {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using testing::HasSubstr;
using testing::Not;

class OutcomeTest : public testing::Test {
 protected:
  OutcomeTest() { incident_.id = 7; }
  // One step, and what there is to tell of it.
  std::optional<OutcomeMessage> step(std::chrono::nanoseconds at, const IncidentEvent& event) {
    const Incident before = incident_;
    EXPECT_TRUE(apply(incident_, event, kNow + at, settings_));
    return outcome_of(before, incident_, kGranted, kNow + at);
  }
  // Up to verifying.
  void act(std::chrono::nanoseconds at = seconds(0)) {
    EXPECT_FALSE(step(at, attempt_on()).has_value());
    EXPECT_FALSE(step(at + seconds(1), Acted{kNow + at + seconds(1)}).has_value());
  }
  std::optional<OutcomeMessage> fail(std::chrono::nanoseconds at, AttemptResult result,
                                     const std::string& detail = "") {
    return step(at, AttemptFailed{result, detail});
  }
  std::optional<OutcomeMessage> refuse(std::chrono::nanoseconds at) {
    return step(at, Waited{"attempts_used_up", "all 3 attempts are used; a person is needed",
                           kNow + at + seconds(30)});
  }
  // The next incident of the container, after this one.
  void reopen(std::chrono::nanoseconds at, std::chrono::nanoseconds starts_at) {
    const Incident previous = incident_;
    incident_ = open_incident("box", "web", fired(kNow + starts_at, kNow + at), &previous,
                              kNow + at, settings_);
    incident_.id = previous.id + 1;
  }

  static constexpr int kGranted = 3;
  IncidentSettings settings_;
  Incident incident_ = waiting_incident(settings_);
};

TEST_F(OutcomeTest, AVerifiedAttempt) {
  act();
  EXPECT_FALSE(step(Milliseconds(3200), SeenHealthy{}).has_value());
  const auto told = step(seconds(12), Verified{});
  ASSERT_TRUE(told.has_value());
  EXPECT_EQ(told->kind, OutcomeKind::recovered);
  EXPECT_EQ(told->incident, 7);
  EXPECT_EQ(told->attempt, 1);
  EXPECT_EQ(told->attempts, "1 of 3");
  EXPECT_EQ(told->host, "box");
  EXPECT_EQ(told->container, "web");
  EXPECT_EQ(told->group, "shop/web");
  EXPECT_EQ(told->happened_at, kNow + seconds(12));
  EXPECT_EQ(told->reason, "verified");
  EXPECT_EQ(told->summary, "web was restarted and is healthy again");
  EXPECT_EQ(told->description,
            "web on box: restarted, healthy again after 3.2 s (attempt 1 of 3; ProbeFailing)");
}

TEST_F(OutcomeTest, AStartIsCalledOne) {
  AttemptStarted start = attempt_on();
  start.attempt.action = "start";
  step(seconds(0), start);
  step(seconds(0), Acted{kNow});
  EXPECT_THAT(step(seconds(10), Verified{})->description,
              HasSubstr("web on box: started, healthy again after 10.0 s"));
}

TEST_F(OutcomeTest, AFailedAttemptTellsHow) {
  struct Case {
    AttemptResult result;
    const char* detail;
    const char* told;
  };
  for (const auto& [result, detail, told] :
       {Case{AttemptResult::not_healthy, "its probes have not passed",
             "restarted, but not healthy after 60.0 s: its probes have not passed"},
        Case{AttemptResult::action_failed, "no such image",
             "restarted, but could not be put back: no such image"},
        Case{AttemptResult::restarted_again, "somebody",
             "restarted, and then restarted by somebody or something else"},
        Case{AttemptResult::no_effect, "", "not restarted"},
        Case{AttemptResult::unknown, "no answer",
             "restarted, and whether it is healthy is not known: no answer"},
        Case{AttemptResult::no_effect, "Docker did not do it",
             "not restarted: Docker did not do it"}}) {
    incident_ = waiting_incident(settings_);
    act();
    const auto message = fail(seconds(61), result, detail);
    ASSERT_TRUE(message.has_value());
    EXPECT_EQ(message->kind, OutcomeKind::failed);
    EXPECT_EQ(message->reason, to_string(result));
    EXPECT_EQ(message->description,
              "web on box: " + std::string(told) + " (attempt 1 of 3; ProbeFailing)");
    EXPECT_EQ(message->summary, "web was not healed by attempt 1 of 3");
  }
}

TEST_F(OutcomeTest, OfAnAttemptThatMayHaveBeenDoneNoMoreIsSaid) {
  step(seconds(0), attempt_on());
  EXPECT_THAT(fail(seconds(61), AttemptResult::unknown, "no answer")->description,
              HasSubstr("perhaps restarted: no answer"));
}

TEST_F(OutcomeTest, ARelapseIsTheEndOfAnAttempt) {
  act();
  step(seconds(3), SeenHealthy{});
  AlertFired again = fired(kNow + seconds(5), kNow + seconds(6), "f2");
  again.alert.alertname = "ProbeHanging";
  const auto told = step(seconds(6), again);
  ASSERT_TRUE(told.has_value());
  EXPECT_EQ(told->kind, OutcomeKind::failed);
  EXPECT_EQ(told->reason, "relapsed");
  EXPECT_THAT(told->description, HasSubstr("was healthy for a moment and failed again"));
  EXPECT_THAT(told->description, HasSubstr("ProbeFailing")) << "the alert that it was to answer";
}

TEST_F(OutcomeTest, WhatDockerSaysIsCutShort) {
  act();
  const auto told = fail(seconds(1), AttemptResult::action_failed, std::string(10'000, 'x'));
  EXPECT_LT(told->description.size(), 700u);
  EXPECT_THAT(told->description, HasSubstr("x … (attempt 1 of 3"));
}

TEST_F(OutcomeTest, AFailedAttemptWhoseAlertHasResolvedSaysSo) {
  act();
  step(seconds(2), AlertResolved{"f1"});
  const auto told = fail(seconds(60), AttemptResult::not_healthy, "no proof");
  ASSERT_TRUE(told.has_value());
  EXPECT_EQ(told->kind, OutcomeKind::failed);
  EXPECT_THAT(told->description, HasSubstr("; the alert has resolved meanwhile"));
}

TEST_F(OutcomeTest, ADeploymentIsNobodysFailure) {
  act();
  EXPECT_FALSE(fail(seconds(2), AttemptResult::container_gone, "removed").has_value());
}

TEST_F(OutcomeTest, OfWhatResolvesByItselfNothingIsTold) {
  EXPECT_FALSE(
      step(seconds(1), Waited{"hold", "held by policy: storm", kNow + seconds(6)}).has_value());
  EXPECT_FALSE(step(seconds(2), fired(kNow - seconds(3), kNow + seconds(2))).has_value());
  EXPECT_FALSE(step(seconds(3), AlertResolved{"f1"}).has_value());
}

TEST_F(OutcomeTest, TheLastAttemptThatFailsOpensTheBreakerInOneMessage) {
  for (int attempt = 1; attempt <= 3; ++attempt) {
    act(minutes(attempt));
    const auto told = fail(minutes(attempt) + seconds(30), AttemptResult::not_healthy, "503");
    ASSERT_TRUE(told.has_value());
    EXPECT_EQ(told->attempt, attempt);
    EXPECT_EQ(told->kind, attempt < 3 ? OutcomeKind::failed : OutcomeKind::breaker_open);
    if (attempt < 3) continue;
    EXPECT_EQ(told->reason, "attempts_used_up");
    EXPECT_EQ(told->attempts, "3 of 3");
    EXPECT_EQ(told->summary, "web is not healed any more: all 3 attempts are used");
    EXPECT_EQ(told->description,
              "web on box: restarted, but not healthy after 29.0 s: 503 (attempt 3 of 3; "
              "ProbeFailing); that was the last attempt, a person is needed");
  }
  EXPECT_FALSE(refuse(minutes(5)).has_value()) << "it has been told";
  EXPECT_FALSE(refuse(minutes(6)).has_value());
}

TEST_F(OutcomeTest, WhereTheLastAttemptWorkedTheFirstRefusalOpensIt) {
  incident_.carried_attempts = 2;
  act();
  EXPECT_EQ(step(seconds(12), Verified{})->kind, OutcomeKind::recovered);
  reopen(seconds(30), seconds(25));
  const auto told = refuse(seconds(30));
  ASSERT_TRUE(told.has_value());
  EXPECT_EQ(told->kind, OutcomeKind::breaker_open);
  EXPECT_EQ(told->incident, 8);
  EXPECT_EQ(told->attempt, 3);
  EXPECT_EQ(told->description,
            "web on box: failed again, and all 3 attempts are used; a person is needed "
            "(ProbeFailing)");
  EXPECT_FALSE(refuse(seconds(60)).has_value());
}

TEST_F(OutcomeTest, AnOpenBreakerIsToldOnceOverAllIncidents) {
  incident_.carried_attempts = 3;
  ASSERT_TRUE(refuse(seconds(0)).has_value());
  EXPECT_FALSE(step(minutes(11), LivedTooLong{}).has_value())
      << "that it waited in vain is no news";
  reopen(minutes(11) + seconds(5), seconds(-3));
  EXPECT_EQ(incident_.attempts_used(), 3);
  EXPECT_FALSE(refuse(minutes(12)).has_value());
  step(minutes(13), AlertResolved{"f1"});
  reopen(minutes(22), minutes(22));
  EXPECT_FALSE(refuse(minutes(22)).has_value()) << "not healthy for ten minutes yet";
  step(minutes(23), AlertResolved{"f1"});
  reopen(minutes(33), minutes(33));
  EXPECT_EQ(incident_.attempts_used(), 0) << "healthy for ten minutes";
  EXPECT_FALSE(incident_.breaker_told) << "the next opening will be told again";
}

TEST_F(OutcomeTest, AFurtherAttemptByAReloadMakesTheNextOpeningNews) {
  incident_.carried_attempts = 3;
  ASSERT_TRUE(refuse(seconds(0)).has_value());
  act(seconds(30));  // max_attempts is 4 now
  const Incident before = incident_;
  apply(incident_, AttemptFailed{AttemptResult::no_effect, ""}, kNow + seconds(50), settings_);
  EXPECT_EQ(outcome_of(before, incident_, 4, kNow)->kind, OutcomeKind::breaker_open);
}

TEST_F(OutcomeTest, AttemptsTakenAwayByAReloadDoNotConfuseIt) {
  incident_.carried_attempts = 4;
  const auto told = refuse(seconds(0));
  EXPECT_EQ(told->attempts, "4 of 4");
}

TEST_F(OutcomeTest, WhatWaitedForTooLong) {
  step(seconds(1), Waited{"hold", "held by policy: storm", kNow + seconds(6)});
  const auto told = step(minutes(10) + seconds(2), LivedTooLong{});
  ASSERT_TRUE(told.has_value());
  EXPECT_EQ(told->kind, OutcomeKind::expired);
  EXPECT_EQ(told->attempt, 0);
  EXPECT_EQ(told->attempts, "0 of 3");
  EXPECT_EQ(told->reason, "hold");
  EXPECT_EQ(told->summary, "web could not be healed in time");
  EXPECT_EQ(told->description,
            "web on box: nothing could be done for 10m2s: held by policy: storm (ProbeFailing)");
}

TEST_F(OutcomeTest, AFailureThatGoesOnIsToldOnce) {
  ASSERT_TRUE(step(minutes(11), LivedTooLong{}).has_value());
  reopen(minutes(11) + seconds(10), seconds(-3));
  EXPECT_FALSE(step(minutes(22), LivedTooLong{}).has_value()) << "the alert is still the same";
  reopen(minutes(22) + seconds(10), minutes(22) + seconds(5));
  EXPECT_TRUE(step(minutes(33), LivedTooLong{}).has_value()) << "a new failure";
}

TEST_F(OutcomeTest, AfterAnAttemptAnExpiryIsNewsAgain) {
  ASSERT_TRUE(step(minutes(11), LivedTooLong{}).has_value());
  reopen(minutes(12), seconds(-3));
  act(minutes(12));
  EXPECT_EQ(fail(minutes(13), AttemptResult::not_healthy)->kind, OutcomeKind::failed);
  EXPECT_TRUE(step(minutes(24), LivedTooLong{}).has_value());
}

TEST_F(OutcomeTest, WhatIsDeliberatelyNotTouchedIsNotTold) {
  for (const char* reason : {"unknown_host", "self", "not_opted_in", "action_none"}) {
    incident_ = waiting_incident(settings_);
    step(seconds(1), Waited{reason, "so it is meant", kNow + seconds(31)});
    EXPECT_FALSE(step(minutes(11), LivedTooLong{}).has_value()) << reason;
    EXPECT_FALSE(incident_.expiry_told);
  }
}

TEST_F(OutcomeTest, BehindAToldBreakerNoOtherReasonIsNews) {
  incident_.carried_attempts = 3;
  ASSERT_TRUE(refuse(seconds(0)).has_value());
  step(seconds(30), Waited{"container_paused", "the container is paused", kNow + seconds(35)});
  EXPECT_FALSE(step(minutes(11), LivedTooLong{}).has_value());
}

TEST_F(OutcomeTest, BehindABreakerThatWasNotToldAnExpiryIs) {
  incident_.carried_attempts = 3;
  step(seconds(30), Waited{"container_paused", "the container is paused", kNow + seconds(35)});
  EXPECT_TRUE(step(minutes(11), LivedTooLong{}).has_value());
}

TEST_F(OutcomeTest, EachActionHasItsWord) {
  for (const auto& [action, done] :
       {std::pair("stop", "stopped"), std::pair("kill", "killed"),
        std::pair("recreate", "recreated"), std::pair("restart", "restarted")}) {
    incident_ = waiting_incident(settings_);
    AttemptStarted started = attempt_on();
    started.attempt.action = action;
    step(seconds(0), started);
    EXPECT_THAT(fail(seconds(9), AttemptResult::action_failed)->description,
                HasSubstr(std::string("could not be ") + done));
  }
}

TEST(OutcomeKinds, HaveTheNamesOfTheLabel) {
  EXPECT_EQ(to_string(OutcomeKind::recovered), "recovered");
  EXPECT_EQ(to_string(OutcomeKind::failed), "failed");
  EXPECT_EQ(to_string(OutcomeKind::expired), "expired");
  EXPECT_EQ(to_string(OutcomeKind::breaker_open), "breaker_open");
  for (const OutcomeKind kind : kOutcomeKinds) EXPECT_EQ(parse_outcome_kind(to_string(kind)), kind);
  EXPECT_EQ(parse_outcome_kind("fine"), std::nullopt);
}

}  // namespace
}  // namespace selfheal
