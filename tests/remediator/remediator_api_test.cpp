// What the remediator answers over HTTP, and to whom.
#include <thread>
#include <tuple>

#include "tests/remediator/remediator_fixture.h"

namespace selfheal {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST_F(RemediatorTest, APauseHoldsUntilItIsResumed) {
  start();
  const HttpText paused = post("/api/v1/pause",
                               R"({"scope":"container","host":"box","name":"web",)"
                               R"("reason":"moving house","for":"1h"})",
                               kJson);
  ASSERT_EQ(paused.status(), 200) << paused.body;
  EXPECT_EQ(Json::parse(paused.body)["target"], "container box/web");
  EXPECT_THAT(get("/metrics").body,
              HasSubstr("selfheal_remediator_paused{scope=\"container box/web\"} 1"));
  ASSERT_EQ(post("/api/v1/alerts", firing("web")).status(), 200);
  Json incident;
  do incident = Json::parse(get("/api/v1/incidents/1").body);
  while (incident["reason"] != "paused");
  EXPECT_THAT(incident["detail"].get<std::string>(), HasSubstr("moving house"));
  const Json containers = Json::parse(get("/api/v1/containers").body);
  EXPECT_EQ(containers["pauses"].size(), 1u);
  EXPECT_EQ(containers["containers"][0]["container"], "web");
  EXPECT_EQ(containers["containers"][0]["breaker"], "closed");
  EXPECT_EQ(containers["containers"][0]["open_incident"]["reason"], "paused");
  EXPECT_EQ(engine_.count("/containers/aa/restart"), 0);
  const char* target = R"({"scope":"container","host":"box","name":"web"})";
  EXPECT_EQ(post("/api/v1/resume", target, kJson).status(), 200);
  while (engine_.count("/containers/aa/restart") == 0) std::this_thread::yield();
  EXPECT_EQ(post("/api/v1/resume", target, kJson).status(), 404) << "it is not paused";
}

TEST_F(RemediatorTest, WhatPeopleSayWronglyIsRefused) {
  start();
  for (const auto& [path, body, headers, status] :
       {std::tuple{"/api/v1/pause", R"({"scope":"all"})", "", 415},  // as a form could
        {"/api/v1/pause", R"({"scope":"world"})", kJson, 400},
        {"/api/v1/pause", R"({"scope":"all","for":"soon"})", kJson, 400},
        {"/api/v1/resume", "{", kJson, 400},
        {"/api/v1/pause", R"({"scope":"host","host":"bxo"})", kJson, 404},
        {"/api/v1/containers/bxo/web/reset", "{}", kJson, 404},
        {"/api/v1/containers/box/reset", "{}", kJson, 404},
        {"/api/v1/containers/box/web/reset", "{}", kJson, 404},  // it never had an incident
        {"/api/v1/containers/box/web/reset", "", "", 415}}) {
    const HttpText answer = post(path, body, headers);
    EXPECT_EQ(answer.status(), status) << path << " " << body;
    EXPECT_TRUE(Json::parse(answer.body).contains("error")) << answer.body;
  }
  ASSERT_EQ(post("/api/v1/alerts", firing("web")).status(), 200);
  EXPECT_EQ(post("/api/v1/containers/box/web/reset", "{}", kJson).status(), 200);
}

TEST_F(RemediatorTest, WhatWasLoggedIsShownWithTheToken) {
  options_.webhook_token_file = folder_.write("token", "secret\n");
  start();
  const std::string token = "Authorization: Bearer secret\r\n";
  ASSERT_EQ(post("/api/v1/alerts", firing("web"), token).status(), 200);
  while (engine_.count("/containers/aa/restart") == 0) std::this_thread::yield();
  const Json hidden = Json::parse(get("/api/v1/incidents/1").body);
  EXPECT_EQ(hidden["attempts"][0]["evidence"],
            Json({{"hidden", "what was seen of the container is shown with the token only"}}));
  const auto shown = request(remediator_->port(), "GET", "/api/v1/incidents/1", "", token);
  ASSERT_TRUE(shown.has_value());
  EXPECT_TRUE(Json::parse(shown->body)["attempts"][0]["evidence"].contains("logs")) << shown->body;
  EXPECT_THAT(
      get("/incidents/1").body,
      HasSubstr("<p class=\"dim\">what was seen of the container is shown with the token only"));
  const auto fragment = request(remediator_->port(), "GET", "/fragment?incident=1", "", token);
  ASSERT_TRUE(fragment.has_value());
  EXPECT_THAT(fragment->body, Not(HasSubstr("is shown with the token only")));
  EXPECT_THAT(fragment->body, HasSubstr("Processes"));
}

TEST_F(RemediatorTest, PausingNeedsTheToken) {
  options_.webhook_token_file = folder_.write("token", "secret\n");
  start();
  for (const char* path : {"/api/v1/pause", "/api/v1/resume", "/api/v1/containers/box/web/reset"}) {
    EXPECT_EQ(post(path, R"({"scope":"all"})", kJson).status(), 401) << path;
  }
  EXPECT_EQ(post("/api/v1/pause", R"({"scope":"all"})",
                 std::string(kJson) + "Authorization: Bearer secret\r\n")
                .status(),
            200);
}

TEST_F(RemediatorTest, AnswersItsEndpoints) {
  start();
  EXPECT_EQ(get("/-/healthy").status(), 200);
  EXPECT_EQ(get("/-/ready").status(), 200);
  EXPECT_THAT(get("/").body, HasSubstr("href=\"metrics\""));
  EXPECT_THAT(get("/config").body, HasSubstr("max_attempts: 3"));
  EXPECT_EQ(get("/nothing").status(), 404);
  const std::string metrics = get("/metrics").body;
  for (const char* name :
       {"selfheal_remediator_build_info{",
        "selfheal_remediator_webhook_requests_total{code=\"200\"}",
        "selfheal_remediator_alerts_received_total{status=\"firing\"}",
        "selfheal_remediator_alerts_truncated_total", "selfheal_remediator_incidents_open 0",
        "selfheal_remediator_queue_length 0", "selfheal_remediator_oldest_pending_seconds 0",
        "selfheal_remediator_watchdog_last_seen_timestamp_seconds 0",
        "selfheal_remediator_journal_writable 1",
        "selfheal_remediator_docker_connected{host=\"box\"} 1",
        "selfheal_remediator_outcomes_total{outcome=\"breaker_open\"} 0",
        "selfheal_remediator_outcome_posts_failed_total 0",
        "selfheal_remediator_config_last_reload_successful 1", "process_start_time_seconds"})
    EXPECT_THAT(metrics, HasSubstr(std::string("\n") + name)) << name;
}

TEST_F(RemediatorTest, ListsIncidents) {
  start();
  ASSERT_EQ(post("/api/v1/alerts", firing("gone")).status(), 200);
  const auto count = [&](const std::string& query) {
    const HttpText answer = get("/api/v1/incidents" + query);
    EXPECT_EQ(answer.status(), 200) << answer.body;
    EXPECT_EQ(answer.header("Content-Type"), "application/json");
    return Json::parse(answer.body)["incidents"].size();
  };
  EXPECT_EQ(count(""), 1u);
  EXPECT_EQ(count("?container=gone&state=open&limit=5&since=2020-01-01T00:00:00Z"), 1u);
  EXPECT_EQ(count("?container=web"), 0u);
  EXPECT_EQ(count("?state=closed"), 0u);
  EXPECT_EQ(count("?since=2200-01-01T00:00:00Z"), 0u);
  for (const char* bad : {"?state=sad", "?since=yesterday", "?limit=0", "?limit=x", "?limit=1x",
                          "?limit=-1", "?limit=99999999999999"})
    EXPECT_EQ(get(std::string("/api/v1/incidents") + bad).status(), 400) << bad;
  EXPECT_THAT(get("/metrics").body,
              HasSubstr("selfheal_remediator_incident_open{host=\"box\",container=\"gone\"} 1"));
}

TEST_F(RemediatorTest, ShowsOneIncident) {
  start();
  EXPECT_EQ(get("/api/v1/incidents/1").status(), 404);
  for (const char* bad : {"/x", "/", "/1x", "/99999999999999999999"})
    EXPECT_EQ(get(std::string("/api/v1/incidents") + bad).status(), 400) << bad;
}

}  // namespace
}  // namespace selfheal
