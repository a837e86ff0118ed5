#include "remediator/view/api_json.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/remediator/samples.h"

namespace selfheal {
namespace {

using std::chrono::seconds;
using Json = nlohmann::json;

Incident recovered_incident() {
  const IncidentSettings settings;
  Incident incident = waiting_incident();
  incident.id = 42;
  apply(incident, attempt_on(std::string(64, 'a')), kNow + seconds(1), settings);
  apply(incident, Acted{kNow + seconds(2)}, kNow + seconds(2), settings);
  apply(incident, SeenHealthy{}, kNow + seconds(3), settings);
  apply(incident, Verified{}, kNow + seconds(12), settings);
  return incident;
}

TEST(IncidentsJson, IsAListOfSummaries) {
  const Json json =
      Json::parse(incidents_json({recovered_incident(), waiting_incident()}, kNow + seconds(30)));
  ASSERT_EQ(json["incidents"].size(), 2u);
  const Json& first = json["incidents"][0];
  EXPECT_EQ(first["id"], 42);
  EXPECT_EQ(first["host"], "box");
  EXPECT_EQ(first["container"], "web");
  EXPECT_EQ(first["group"], "shop/web");
  EXPECT_EQ(first["state"], "closed");
  EXPECT_EQ(first["outcome"], "recovered");
  EXPECT_EQ(first["opened_at"], "2026-01-31T12:00:00.000Z");
  EXPECT_EQ(first["closed_at"], "2026-01-31T12:00:12.000Z");
  EXPECT_EQ(first["duration_seconds"], 12.0);
  EXPECT_EQ(first["attempts"], 1);
  EXPECT_EQ(first["owes"], false);
  EXPECT_FALSE(first.contains("alerts"));
  const Json& second = json["incidents"][1];
  EXPECT_EQ(second["closed_at"], nullptr);
  EXPECT_EQ(second["duration_seconds"], 30.0) << "open until now";
}

TEST(IncidentsJson, AnEmptyListIsAList) {
  EXPECT_EQ(Json::parse(incidents_json({}, kNow)), Json({{"incidents", Json::array()}}));
}

TEST(IncidentJson, HoldsAlertsAttemptsDecisionsAndOutcomes) {
  OutcomeRow told;
  told.message.kind = OutcomeKind::recovered;
  told.message.attempt = 1;
  told.message.happened_at = kNow + seconds(12);
  told.message.description = "web on box: restarted";
  told.told_at = kNow + seconds(13);
  const Json json = Json::parse(incident_json(
      recovered_incident(),
      {{kNow, "wait", "not_firing", "not yet", R"({"container":"web"})"},
       {kNow + seconds(1), "act", "due", "restart", "not json"}},
      {told}, {{1, kNow + seconds(1), R"({"took_seconds":0.5})"}}, kNow + seconds(30)));
  ASSERT_EQ(json["alerts"].size(), 1u);
  ASSERT_EQ(json["outcomes"].size(), 1u);
  EXPECT_EQ(json["outcomes"][0]["outcome"], "recovered");
  EXPECT_EQ(json["outcomes"][0]["attempt"], 1);
  EXPECT_EQ(json["outcomes"][0]["happened_at"], "2026-01-31T12:00:12.000Z");
  EXPECT_EQ(json["outcomes"][0]["description"], "web on box: restarted");
  EXPECT_EQ(json["outcomes"][0]["told_at"], "2026-01-31T12:00:13.000Z");
  EXPECT_EQ(json["outcomes"][0]["given_up_at"], nullptr);
  EXPECT_EQ(json["alerts"][0]["fingerprint"], "f1");
  EXPECT_EQ(json["alerts"][0]["alertname"], "ProbeFailing");
  EXPECT_EQ(json["alerts"][0]["status"], "firing");
  EXPECT_EQ(json["alerts"][0]["starts_at"], "2026-01-31T11:59:57.000Z");
  ASSERT_EQ(json["attempts"].size(), 1u);
  const Json& attempt = json["attempts"][0];
  EXPECT_EQ(attempt["number"], 1);
  EXPECT_EQ(attempt["action"], "restart");
  EXPECT_EQ(attempt["command"], "");
  EXPECT_EQ(attempt["verify_within_seconds"], nullptr);
  EXPECT_EQ(attempt["container_id"], "aaaaaaaaaaaa");
  EXPECT_EQ(attempt["requested_at"], "2026-01-31T12:00:01.000Z");
  EXPECT_EQ(attempt["acted_at"], "2026-01-31T12:00:02.000Z");
  EXPECT_EQ(attempt["seen_healthy_at"], "2026-01-31T12:00:03.000Z");
  EXPECT_EQ(attempt["ended_at"], "2026-01-31T12:00:12.000Z");
  EXPECT_EQ(attempt["result"], "verified");
  EXPECT_EQ(attempt["evidence"], Json({{"took_seconds", 0.5}}));
  ASSERT_EQ(json["decisions"].size(), 2u);
  EXPECT_EQ(json["decisions"][0]["reason"], "not_firing");
  EXPECT_EQ(json["decisions"][0]["facts"]["container"], "web");
  EXPECT_EQ(json["decisions"][1]["verdict"], "act");
  EXPECT_EQ(json["decisions"][1]["facts"], nullptr) << "what can't be read costs only itself";
}

TEST(IncidentJson, AnAttemptWithoutReadableEvidenceHasNone) {
  for (const std::vector<EvidenceRow>& evidence :
       {std::vector<EvidenceRow>{}, {{2, kNow, "{}"}}, {{1, kNow, "{"}}, {{1, kNow, "[]"}}}) {
    const Json json = Json::parse(incident_json(recovered_incident(), {}, {}, evidence, kNow));
    ASSERT_TRUE(json["attempts"][0].contains("evidence"));
    EXPECT_EQ(json["attempts"][0]["evidence"], nullptr);
  }
}

TEST(IncidentJson, SurvivesTextThatIsNoUtf8) {
  Incident incident = waiting_incident();
  incident.detail = "broken \xff text";
  const Json json = Json::parse(incident_json(incident, {}, {}, {}, kNow));
  EXPECT_EQ(json["detail"], "broken \uFFFD text");
}

}  // namespace
}  // namespace selfheal
