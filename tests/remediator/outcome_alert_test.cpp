#include "remediator/outcome/outcome_alert.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/remediator/samples.h"

namespace selfheal {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using Json = nlohmann::json;

OutcomeMessage message(OutcomeKind kind = OutcomeKind::recovered) {
  OutcomeMessage made;
  made.incident = 42;
  made.attempt = 2;
  made.kind = kind;
  made.happened_at = kNow;
  made.host = "box";
  made.container = "web";
  made.group = "shop/web";
  made.summary = "web is healthy again";
  made.description = "web on box: restarted";
  made.reason = "verified";
  made.attempts = "2 of 3";
  return made;
}

Json alert_of(const OutcomeMessage& told, WallTime now = kNow + seconds(2)) {
  const Json list = Json::parse(outcome_alert_json(told, "http://box:10116", now));
  EXPECT_TRUE(list.is_array());
  EXPECT_EQ(list.size(), 1u);
  return list.at(0);
}

TEST(OutcomeAlert, IsWhatAlertmanagerTakes) {
  const Json alert = alert_of(message());
  EXPECT_EQ(alert["labels"], Json({{"alertname", "SelfhealOutcome"},
                                   {"severity", "info"},
                                   {"outcome", "recovered"},
                                   {"host", "box"},
                                   {"group", "shop/web"},
                                   {"container", "web"},
                                   {"incident", "42"},
                                   {"attempt", "2"}}));
  EXPECT_EQ(alert["annotations"], Json({{"summary", "web is healthy again"},
                                        {"description", "web on box: restarted"},
                                        {"reason", "verified"},
                                        {"attempts", "2 of 3"},
                                        {"incident_url", "http://box:10116/incidents/42"}}));
  EXPECT_EQ(alert["generatorURL"], "http://box:10116/incidents/42");
  EXPECT_EQ(alert["startsAt"], "2026-01-31T12:00:00.000Z");
  EXPECT_EQ(alert["endsAt"], "2026-01-31T12:06:02.000Z") << "from now on, it is posted once";
  EXPECT_EQ(alert.size(), 5u);
}

TEST(OutcomeAlert, AsksForNothingToBeDone) {
  EXPECT_FALSE(alert_of(message())["labels"].contains("remediation"));
}

TEST(OutcomeAlert, WhatIsNoRecoveryIsAWarning) {
  for (const OutcomeKind kind :
       {OutcomeKind::failed, OutcomeKind::expired, OutcomeKind::breaker_open}) {
    const Json alert = alert_of(message(kind));
    EXPECT_EQ(alert["labels"]["severity"], "warning");
    EXPECT_EQ(alert["labels"]["outcome"], std::string(to_string(kind)));
  }
}

TEST(OutcomeAlert, PostedLateItLivesAsLong) {
  const Json alert = alert_of(message(), kNow + minutes(14));
  EXPECT_EQ(alert["startsAt"], "2026-01-31T12:00:00.000Z");
  EXPECT_EQ(alert["endsAt"], "2026-01-31T12:20:00.000Z");
}

TEST(OutcomeAlert, AClockThatWasSetBackMakesNoEndBeforeTheStart) {
  const Json alert = alert_of(message(), kNow - minutes(30));
  EXPECT_EQ(alert["startsAt"], "2026-01-31T11:30:00.000Z");
  EXPECT_EQ(alert["endsAt"], "2026-01-31T11:36:00.000Z");
}

TEST(OutcomeAlert, WhatIsNoTextIsReplaced) {
  OutcomeMessage told = message();
  told.description = "Docker said \xff\"\n";
  EXPECT_EQ(alert_of(told)["annotations"]["description"], "Docker said \xef\xbf\xbd\"\n");
}

}  // namespace
}  // namespace selfheal
