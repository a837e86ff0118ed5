#include "remediator/intake/delivery.h"

#include <gtest/gtest.h>

#include "tests/remediator/samples.h"

namespace selfheal {
namespace {

using std::chrono::seconds;

class DeliveryTest : public testing::Test {
 protected:
  static ReceivedAlert alert(AlertStatus status, WallTime starts_at = kNow - seconds(3)) {
    ReceivedAlert made;
    made.status = status;
    made.fingerprint = "f1";
    made.starts_at = starts_at;
    made.labels = {{"alertname", "ProbeFailing"},
                   {"host", "box"},
                   {"container", "web"},
                   {"remediation", "restart"}};
    return made;
  }
  Delivery firing(const std::optional<Incident>& last, WallTime starts_at = kNow - seconds(3)) {
    return deliver(alert(AlertStatus::firing, starts_at), last, false, kNow, settings_);
  }
  Delivery resolved(const std::optional<Incident>& last) {
    return deliver(alert(AlertStatus::resolved), last, false, kNow, settings_);
  }
  Incident verifying(bool seen_healthy) {
    Incident incident = waiting_incident(settings_);
    apply(incident, attempt_on(), kNow, settings_);
    apply(incident, Acted{kNow}, kNow, settings_);
    if (seen_healthy) apply(incident, SeenHealthy{}, kNow, settings_);
    return incident;
  }

  IncidentSettings settings_;
};

TEST_F(DeliveryTest, AFiringOpensAndRenews) {
  const Delivery opened = firing(std::nullopt);
  EXPECT_EQ(opened.kind, DeliveryKind::opened);
  ASSERT_TRUE(opened.incident);
  EXPECT_EQ(opened.incident->container, "web");
  EXPECT_EQ(opened.incident->lease_until, kNow + settings_.lease);
  EXPECT_EQ(firing(waiting_incident()).kind, DeliveryKind::renewed);
  EXPECT_EQ(firing(verifying(true)).kind, DeliveryKind::renewed) << "of the failure that is mended";
}

TEST_F(DeliveryTest, AFiringAfterTheEndOpensAnother) {
  Incident closed = verifying(true);
  closed.id = 7;
  apply(closed, Verified{}, kNow, settings_);
  const Delivery opened = firing(closed, kNow);
  EXPECT_EQ(opened.kind, DeliveryKind::opened);
  EXPECT_EQ(opened.incident->id, 0);
  EXPECT_EQ(opened.incident->attempts_used(), 1);
}

TEST_F(DeliveryTest, ANewFailureEndsAnAttemptThatWasSeenToWork) {
  EXPECT_EQ(firing(verifying(true), kNow + seconds(3)).kind, DeliveryKind::relapsed);
  EXPECT_EQ(firing(verifying(false), kNow + seconds(3)).kind, DeliveryKind::renewed);
}

TEST_F(DeliveryTest, TheEndOfAnAlertWithdrawsWhatWaits) {
  const Delivery withdrawn = resolved(waiting_incident());
  EXPECT_EQ(withdrawn.kind, DeliveryKind::withdrawn);
  EXPECT_EQ(withdrawn.incident->outcome, IncidentOutcome::withdrawn);
  EXPECT_EQ(resolved(verifying(false)).kind, DeliveryKind::noted);
  EXPECT_EQ(resolved(std::nullopt).kind, DeliveryKind::nothing_open);
  EXPECT_EQ(resolved(withdrawn.incident).kind, DeliveryKind::nothing_open);
}

TEST_F(DeliveryTest, WhatIsOverOrForPeopleIsIgnored) {
  const Delivery over =
      deliver(alert(AlertStatus::firing), waiting_incident(), true, kNow, settings_);
  EXPECT_EQ(over.kind, DeliveryKind::already_recovered);
  EXPECT_FALSE(over.incident);
  ReceivedAlert for_people = alert(AlertStatus::firing);
  for_people.labels.erase("remediation");
  EXPECT_EQ(deliver(for_people, std::nullopt, false, kNow, settings_).kind,
            DeliveryKind::for_people);
  for (const DeliveryKind kind :
       {DeliveryKind::already_recovered, DeliveryKind::for_people, DeliveryKind::nothing_open})
    EXPECT_FALSE(is_accepted(kind)) << to_string(kind);
  for (const DeliveryKind kind :
       {DeliveryKind::opened, DeliveryKind::renewed, DeliveryKind::relapsed, DeliveryKind::noted,
        DeliveryKind::withdrawn})
    EXPECT_TRUE(is_accepted(kind)) << to_string(kind);
}

}  // namespace
}  // namespace selfheal
