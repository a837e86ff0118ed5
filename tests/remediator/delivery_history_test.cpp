// What explain tells of deliveries of the past, beside what intake and hands did with them.
#include "remediator/explain/delivery_history.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/remediator/workshop.h"

namespace selfheal {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;

class DeliveryHistoryTest : public testing::Test {
 protected:
  DeliveryHistoryTest() { shop_.repeats = false; }
  // Delivers it now, and remembers it with what was answered.
  void deliver_now(AlertStatus status, WallTime starts_at, const std::string& fingerprint = "f1") {
    ReceivedAlert alert = Workshop::alert(status, starts_at);
    alert.fingerprint = fingerprint;
    deliveries_.push_back({alert, shop_.clock.wall_now(), shop_.accept({alert})});
  }
  // "opened 1: act", of every delivery; each counted as intake has counted it.
  std::vector<std::string> explained() {
    std::vector<std::string> all;
    for (const auto& [alert, at, counts] : deliveries_) {
      const auto explanation = explain(alert, at);
      if (!explanation) {
        all.emplace_back("unknown");
        continue;
      }
      EXPECT_EQ(is_accepted(explanation->delivery), counts.accepted == 1);
      std::string text(to_string(explanation->delivery));
      if (explanation->incident_id != 0) text += " " + std::to_string(explanation->incident_id);
      if (explanation->decision)
        text += ": " + explanation->decision->verdict + " " + explanation->decision->reason;
      all.push_back(text);
    }
    return all;
  }
  std::optional<Explanation> explain(const ReceivedAlert& alert, WallTime at) {
    std::optional<Explanation> explanation;
    EXPECT_TRUE(shop_.journal
                    ->read([&](JournalReader& reader) {
                      DeliveryHistory history(reader, at, settings_);
                      explanation = history.explain(alert);
                    })
                    .ok());
    return explanation;
  }
  void health(Health health) {
    shop_.prometheus.set([&](FakePrometheus::State& state) { state.health = health; });
  }
  void fires(bool firing) {
    shop_.prometheus.set([&](FakePrometheus::State& state) { state.alerts_firing = firing; });
  }
  WallTime now() const { return shop_.clock.wall_now(); }

  struct Delivered {
    ReceivedAlert alert;
    WallTime at;
    IntakeCounts counts;
  };
  const IncidentSettings settings_;
  Workshop shop_;
  std::vector<Delivered> deliveries_;
};

// Two Alertmanagers: firing, resolved, and both again from the one that was late.
TEST_F(DeliveryHistoryTest, AStaleFailureWasIgnored) {
  const WallTime began = now();
  health(Health::proven);
  deliver_now(AlertStatus::firing, began);
  shop_.run(seconds(15));
  ASSERT_EQ(shop_.incident().outcome, IncidentOutcome::recovered);
  deliver_now(AlertStatus::firing, began);
  shop_.clock.advance(seconds(15));
  deliver_now(AlertStatus::resolved, began);
  EXPECT_THAT(explained(),
              ElementsAre("opened 1: act due", "already_recovered", "already_recovered"));
  EXPECT_THAT(shop_.actions(), testing::SizeIs(1));
}

TEST_F(DeliveryHistoryTest, WhatWasWaitedForAndWithdrawn) {
  const WallTime began = now();
  fires(false);
  deliver_now(AlertStatus::firing, began);
  shop_.run(seconds(6));
  deliver_now(AlertStatus::firing, began + seconds(1), "f2");
  shop_.run(seconds(6));
  deliver_now(AlertStatus::resolved, began);
  shop_.clock.advance(seconds(1));
  deliver_now(AlertStatus::resolved, began + seconds(1), "f2");
  shop_.clock.advance(seconds(1));
  deliver_now(AlertStatus::resolved, began + seconds(1), "f2");
  EXPECT_THAT(explained(), ElementsAre("opened 1: wait not_firing", "renewed 1: wait not_firing",
                                       "noted 1: wait not_firing", "withdrawn 1", "nothing_open"));
}

TEST_F(DeliveryHistoryTest, ThatTheClockWasSetIsNoDecision) {
  fires(false);
  deliver_now(AlertStatus::firing, now());
  shop_.run(seconds(6));
  shop_.clock.set_wall(std::chrono::hours(1));
  shop_.run(seconds(6));
  ASSERT_EQ(shop_.decisions().back().reason, "clock_set");
  deliver_now(AlertStatus::firing, now());
  EXPECT_THAT(explained().back(), "renewed 1: wait not_firing");
}

TEST_F(DeliveryHistoryTest, ARelapseBelongsToTheIncidentThatWasOpen) {
  const WallTime began = now();
  health(Health::seen_healthy);
  deliver_now(AlertStatus::firing, began);
  shop_.run(seconds(3));
  deliver_now(AlertStatus::resolved, began);
  shop_.clock.advance(seconds(1));
  deliver_now(AlertStatus::firing, now() - Milliseconds(500));
  health(Health::proven);
  shop_.run(seconds(20));
  deliver_now(AlertStatus::firing, began);
  EXPECT_THAT(explained(), ElementsAre("opened 1: act due", "noted 1: act due",
                                       "relapsed 1: act due", "already_recovered"));
  EXPECT_EQ(shop_.incident().attempts.size(), 2);
}

TEST_F(DeliveryHistoryTest, OfOneThatNeverCameNothingIsKnown) {
  health(Health::proven);
  const WallTime before = now();
  shop_.clock.advance(seconds(10));
  deliver_now(AlertStatus::firing, before);
  shop_.run(seconds(1));
  EXPECT_EQ(explain(Workshop::alert(AlertStatus::firing, before - seconds(60)), before),
            std::nullopt);
  // A moment before it came will do.
  const auto opened = explain(deliveries_[0].alert, deliveries_[0].at - Milliseconds(5));
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->incident_id, 1);
}

TEST_F(DeliveryHistoryTest, AlertsOfOnePayloadMeetEachOther) {
  fires(false);
  const ReceivedAlert one = Workshop::alert(AlertStatus::firing, now());
  ReceivedAlert other = one;
  other.fingerprint = "f2";
  const WallTime at = now();
  shop_.accept({one, other});
  shop_.clock.advance(seconds(1));
  EXPECT_TRUE(shop_.journal
                  ->read([&](JournalReader& reader) {
                    DeliveryHistory history(reader, at, settings_);
                    EXPECT_EQ(history.explain(one)->delivery, DeliveryKind::opened);
                    const auto second = history.explain(other);
                    EXPECT_EQ(second->delivery, DeliveryKind::renewed);
                    EXPECT_EQ(second->incident_id, 1);
                    EXPECT_FALSE(second->decision) << "it was not judged yet";
                  })
                  .ok());
}

}  // namespace
}  // namespace selfheal
