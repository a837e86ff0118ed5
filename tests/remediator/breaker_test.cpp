// The breaker over the life of a container that breaks again and again: incidents as they come,
// judged by the guard as the remediator does, on a clock that is moved by hand.
#include "remediator/incident/breaker.h"

#include <optional>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "remediator/decision/guards.h"
#include "tests/remediator/samples.h"
#include "tests/support/manual_clock.h"

namespace selfheal {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

BreakerSettings settings_with(Milliseconds healthy_reset) {
  BreakerSettings settings;
  settings.healthy_reset = healthy_reset;
  return settings;
}

TEST(BreakerOf, IsOpenWhileAttemptsAreUsedUpAndNoneIsUnderWay) {
  const auto breaker = [](IncidentState state, int used) {
    return breaker_of({"box", "web", state, IncidentOutcome::none, std::nullopt, used},
                      settings_with(minutes(10)), kNow);
  };
  EXPECT_EQ(breaker(IncidentState::waiting, 0), Breaker::closed);
  EXPECT_EQ(breaker(IncidentState::waiting, 2), Breaker::closed);
  EXPECT_EQ(breaker(IncidentState::waiting, 3), Breaker::open);
  EXPECT_EQ(breaker(IncidentState::waiting, 4), Breaker::open) << "a reload has taken some away";
  for (const auto state : {IncidentState::acting, IncidentState::verifying})
    EXPECT_EQ(breaker(state, 3), Breaker::closed) << "the last one may work";
}

TEST(BreakerOf, ClosesByHealthAndNotByAnExpiry) {
  const auto breaker = [](IncidentOutcome outcome, Milliseconds ago,
                          Milliseconds healthy_reset = minutes(10)) {
    return breaker_of({"box", "web", IncidentState::closed, outcome, kNow - ago, 3},
                      settings_with(healthy_reset), kNow);
  };
  for (const auto well : {IncidentOutcome::recovered, IncidentOutcome::withdrawn}) {
    EXPECT_EQ(breaker(well, minutes(10) - Milliseconds(1)), Breaker::open);
    EXPECT_EQ(breaker(well, minutes(10)), Breaker::closed);
  }
  EXPECT_EQ(breaker(IncidentOutcome::expired, minutes(24 * 60) - Milliseconds(1)), Breaker::open);
  EXPECT_EQ(breaker(IncidentOutcome::expired, minutes(24 * 60)), Breaker::closed);
  EXPECT_EQ(breaker(IncidentOutcome::expired, minutes(24 * 60), minutes(48 * 60)), Breaker::open);
}

TEST(BreakerOf, IsOpenWhileTheBudgetIsSpent) {
  const auto breaker = [](int within_hour, int within_day) {
    AttemptCount count{"box", "web", IncidentState::waiting, IncidentOutcome::none, std::nullopt};
    count.attempts_within_hour = within_hour;
    count.attempts_within_day = within_day;
    return breaker_of(count, {}, kNow);
  };
  EXPECT_EQ(breaker(4, 19), Breaker::closed);
  EXPECT_EQ(breaker(5, 5), Breaker::open);
  EXPECT_EQ(breaker(0, 20), Breaker::open);
}

class FlappingTest : public testing::Test {
 protected:
  enum class How { verified, relapsed, not_healthy };

  // A new failure of the container; true when there was an attempt at it, which ends by `how`.
  bool break_again(How how) {
    tell_firing();
    if (!may_act()) return false;
    take(attempt_on());
    take(Acted{clock_.wall_now()});
    ++attempts_;
    if (how != How::not_healthy) {
      clock_.advance(seconds(2));
      take(SeenHealthy{});
    }
    clock_.advance(seconds(10));
    if (how == How::verified) take(Verified{});
    if (how == How::not_healthy) take(AttemptFailed{AttemptResult::not_healthy, "503"});
    // A relapse comes as the next failure.
    return true;
  }
  void resolve() { take(AlertResolved{"f1"}); }
  // The guard's word, and no other's.
  bool may_act() {
    if (open_->attempt_under_way()) return false;
    Facts facts = good_facts();
    facts.attempts_used = open_->attempts_used();
    return !guards::attempts_left(facts, GuardSettings{}).has_value();
  }
  Breaker breaker() const {
    const Incident& last = open_ ? *open_ : *closed_;
    return breaker_of(
        {"box", "web", last.state, last.outcome, last.closed_at, last.attempts_used()},
        settings_with(settings_.healthy_reset), clock_.wall_now());
  }

  int attempts_ = 0;
  ManualClock clock_;

 private:
  void tell_firing() {
    const WallTime now = clock_.wall_now();
    if (open_) return take(fired(now, now));
    open_ =
        open_incident("box", "web", fired(now, now), closed_ ? &*closed_ : nullptr, now, settings_);
  }
  void take(const IncidentEvent& event) {
    ASSERT_TRUE(apply(*open_, event, clock_.wall_now(), settings_));
    if (open_->state != IncidentState::closed) return;
    closed_ = std::exchange(open_, std::nullopt);
  }

  const IncidentSettings settings_;
  std::optional<Incident> open_;
  std::optional<Incident> closed_;
};

TEST_F(FlappingTest, EachAttemptVerifiedThereIsNoFourth) {
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(break_again(How::verified));
    EXPECT_EQ(breaker(), i < 2 ? Breaker::closed : Breaker::open);
    clock_.advance(seconds(10));
  }
  for (int i = 0; i < 20; ++i) {
    EXPECT_FALSE(break_again(How::verified)) << "failure " << i;
    EXPECT_EQ(breaker(), Breaker::open);
    clock_.advance(minutes(2));
    resolve();  // somebody has restarted it, and it will not last
    EXPECT_EQ(breaker(), Breaker::open);
    clock_.advance(minutes(9));
  }
  EXPECT_EQ(attempts_, 3);
}

TEST_F(FlappingTest, EachAttemptRelapsedThereIsNoFourth) {
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(break_again(How::relapsed));
    EXPECT_EQ(breaker(), Breaker::closed) << "the last one may still work";
  }
  EXPECT_FALSE(break_again(How::relapsed));
  EXPECT_EQ(breaker(), Breaker::open);
  clock_.advance(minutes(60));
  EXPECT_EQ(breaker(), Breaker::open) << "it is still broken";
  EXPECT_FALSE(break_again(How::relapsed));
  EXPECT_EQ(attempts_, 3);
}

TEST_F(FlappingTest, MixedTheyCountTogether) {
  EXPECT_TRUE(break_again(How::verified));
  clock_.advance(minutes(9));
  EXPECT_TRUE(break_again(How::relapsed));
  EXPECT_TRUE(break_again(How::not_healthy));
  EXPECT_EQ(breaker(), Breaker::open);
  EXPECT_FALSE(break_again(How::verified));
}

TEST_F(FlappingTest, TenMinutesOfHealthCloseIt) {
  for (int i = 0; i < 3; ++i) break_again(How::verified);
  EXPECT_FALSE(break_again(How::verified));
  resolve();
  clock_.advance(minutes(10) - seconds(1));
  EXPECT_EQ(breaker(), Breaker::open);
  clock_.advance(seconds(1));
  EXPECT_EQ(breaker(), Breaker::closed);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(break_again(How::verified)) << "three anew";
  EXPECT_FALSE(break_again(How::verified));
  EXPECT_EQ(attempts_, 6);
}

TEST_F(FlappingTest, SlowlyFlappingIsNotFlapping) {
  for (int i = 0; i < 10; ++i) {
    EXPECT_TRUE(break_again(How::verified));
    EXPECT_EQ(breaker(), Breaker::closed);
    clock_.advance(minutes(10));
  }
}

}  // namespace
}  // namespace selfheal
