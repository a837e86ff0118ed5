#include <gtest/gtest.h>

#include "remediator/incident/history.h"
#include "tests/remediator/samples.h"

namespace selfheal {
namespace {

using std::chrono::seconds;

// Opened at 0 s; an attempt at 1 s that failed at 5 s, another at 20 s that Docker had done at 21
// s, which was seen to work at 23 s and proven at 33 s.
class HistoryTest : public testing::Test {
 protected:
  HistoryTest() {
    incident_ = waiting_incident(settings_);
    happens(1, attempt_on());
    happens(5, AttemptFailed{AttemptResult::action_failed, "Docker said no"});
    happens(15, fired(at(12), at(15), "f2"));
    happens(20, attempt_on());
    happens(21, Acted{at(21)});
    happens(23, SeenHealthy{});
    happens(33, Verified{});
  }
  static WallTime at(int second) { return kNow + seconds(second); }
  void happens(int second, const IncidentEvent& event) {
    ASSERT_TRUE(apply(incident_, event, at(second), settings_));
  }
  Incident before(int second) { return as_of(incident_, at(second)); }

  IncidentSettings settings_;
  Incident incident_;
};

TEST_F(HistoryTest, StatesAreWhatTheyWere) {
  EXPECT_EQ(before(1).state, IncidentState::waiting);
  EXPECT_EQ(before(2).state, IncidentState::acting);
  EXPECT_EQ(before(5).state, IncidentState::acting);
  EXPECT_EQ(before(6).state, IncidentState::waiting);
  EXPECT_EQ(before(21).state, IncidentState::acting);
  EXPECT_EQ(before(22).state, IncidentState::verifying);
  EXPECT_EQ(before(33).state, IncidentState::verifying) << "what happens then is not before it";
  EXPECT_EQ(before(33).outcome, IncidentOutcome::none);
  EXPECT_EQ(before(34).state, IncidentState::closed);
  EXPECT_EQ(before(34).outcome, IncidentOutcome::recovered);
}

TEST_F(HistoryTest, AttemptsAndAlertsAreThoseOfThatTime) {
  EXPECT_EQ(before(1).attempts.size(), 0);
  EXPECT_EQ(before(1).alerts.size(), 1);
  EXPECT_EQ(before(1).last_attempt_ended_at, std::nullopt);
  const Incident acting = before(5);
  ASSERT_EQ(acting.attempts.size(), 1);
  EXPECT_EQ(acting.attempts[0].result, AttemptResult::none);
  EXPECT_EQ(acting.attempts[0].ended_at, std::nullopt);
  const Incident waiting = before(15);
  EXPECT_EQ(waiting.attempts[0].result, AttemptResult::action_failed);
  EXPECT_EQ(waiting.waiting_since, at(5));
  EXPECT_EQ(waiting.last_attempt_ended_at, at(5));
  EXPECT_EQ(waiting.alerts.size(), 1);
  EXPECT_EQ(before(16).alerts.size(), 2);
  EXPECT_EQ(before(23).attempts[1].seen_healthy_at, std::nullopt);
  EXPECT_EQ(before(24).attempts[1].seen_healthy_at, at(23));
}

}  // namespace
}  // namespace selfheal
