// The remediator as main() wires it, in this process: its endpoints, and one container healed by
// real sockets on every side.
#include "remediator/remediator.h"

#include <cerrno>
#include <future>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "common/base/log.h"
#include "tests/remediator/disk_fault.h"
#include "tests/support/fake_engine.h"
#include "tests/support/http_peer.h"

namespace selfheal {
namespace {

using testing::HasSubstr;
using testing::Not;
using Json = nlohmann::json;

std::string web_started_at(const std::string& time) {
  return http_response(
      200, R"({"Id":"aa","Name":"/web","State":{"Status":"running","StartedAt":")" + time +
               R"("},"Config":{"Labels":{"selfheal.enable":"true"}}})");
}

class RemediatorTest : public testing::Test {
 protected:
  RemediatorTest() {
    engine_.answer("GET /info", {http_response(200, R"({"Name":"box","ServerVersion":"20.10"})")});
    engine_.answer("GET /containers/web/json", {web_started_at("2026-01-31T11:00:00Z")});
    engine_.answer("GET /containers/aa/json", {web_started_at("2026-01-31T11:00:00Z")});
    engine_.answer("POST /containers/aa/restart", {http_response(204, "")});
    options_.listen_addresses = {"127.0.0.1:0"};
    options_.docker.host = "unix://" + engine_.socket_path();
    options_.journal_path = folder_.path("journal.db");
    options_.config_file = folder_.write("remediator.yml", "verification: {settled: 0s}\n");
  }
  void start() {
    auto made = Remediator::create(options_, clock_);
    ASSERT_TRUE(made.ok()) << made.error().message;
    remediator_ = *std::move(made);
    const auto started = remediator_->start();
    ASSERT_TRUE(started.ok()) << started.error().message;
  }
  std::string refusal() {
    const auto made = Remediator::create(options_, clock_);
    return made ? "" : made.error().message;
  }
  HttpText get(const std::string& target) {
    return request(remediator_->port(), "GET", target).value_or(HttpText{});
  }
  HttpText post(const std::string& target, const std::string& body = "",
                const std::string& headers = "") {
    return request(remediator_->port(), "POST", target, body, headers).value_or(HttpText{});
  }
  static std::string firing(const std::string& container) {
    return R"({"version":"4","alerts":[{"status":"firing","labels":{"alertname":"ProbeFailing",)"
           R"("host":"box","remediation":"restart","container":")" +
           container + R"("},"startsAt":"2026-01-31T11:59:57Z","fingerprint":"f"}]})";
  }

  SystemClock clock_;
  TempFolder folder_;
  FakeEngine engine_{"1.12", "1.41"};
  RemediatorOptions options_;
  std::unique_ptr<Remediator> remediator_;
};

TEST_F(RemediatorTest, HealsAContainerFromTheWebhookToTheApi) {
  start();
  ASSERT_EQ(post("/api/v1/alerts", firing("web")).status(), 200);
  while (engine_.count("/containers/aa/restart") == 0) std::this_thread::yield();
  engine_.answer("GET /containers/aa/json", {web_started_at("2026-01-31T12:00:00.5Z")});
  Json incident;
  do incident = Json::parse(get("/api/v1/incidents/1").body);
  while (incident["state"] != "closed");
  EXPECT_EQ(incident["outcome"], "recovered");
  EXPECT_EQ(incident["attempts"].size(), 1u);
  EXPECT_EQ(incident["attempts"][0]["result"], "verified");
  EXPECT_EQ(incident["alerts"][0]["alertname"], "ProbeFailing");
  EXPECT_EQ(incident["decisions"][0]["verdict"], "act");
  EXPECT_EQ(engine_.count("/restart"), 1);
  EXPECT_THAT(engine_.requests(), testing::Contains("POST /v1.41/containers/aa/restart?t=10"));
  EXPECT_THAT(
      get("/metrics").body,
      HasSubstr("selfheal_remediator_docker_call_duration_seconds_count{call=\"restart\"} 1"));
}

TEST_F(RemediatorTest, ShowsWhatWasSeenBeforeAnAttempt) {
  engine_.answer("GET /containers/aa/logs", {http_response(200, "2026-01-31T12:00:00Z serving\n")});
  engine_.answer("GET /containers/aa/top",
                 {http_response(200, R"({"Titles":["PID"],"Processes":[["7"]]})")});
  start();
  ASSERT_EQ(post("/api/v1/alerts", firing("web")).status(), 200);
  while (engine_.count("/containers/aa/restart") == 0) std::this_thread::yield();
  const Json evidence = Json::parse(get("/api/v1/incidents/1").body)["attempts"][0]["evidence"];
  EXPECT_EQ(evidence["logs"]["lines"][0], "2026-01-31T12:00:00Z serving");
  EXPECT_EQ(evidence["top"]["processes"][0][0], "7");
  EXPECT_THAT(evidence["stats"]["error"].get<std::string>(), HasSubstr("stats with 404"));
  EXPECT_THAT(get("/metrics").body,
              HasSubstr("selfheal_remediator_docker_call_duration_seconds_count{call=\"logs\"} 1"));
}

TEST_F(RemediatorTest, AnEngineThatStallsOnItsLogsDelaysAnAttemptNoLongerThanIsConfigured) {
  options_.config_file = folder_.write("remediator.yml", "evidence: {timeout: 200ms}\n");
  engine_.answer("GET /containers/aa/logs", {"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"});
  start();
  const SteadyTime begun = clock_.steady_now();
  ASSERT_EQ(post("/api/v1/alerts", firing("web")).status(), 200);
  while (engine_.count("/containers/aa/restart") == 0) std::this_thread::yield();
  const auto took = clock_.steady_now() - begun;
  EXPECT_GE(took, Milliseconds(200));
  EXPECT_LT(took, Milliseconds(2'000)) << "no other of its timeouts is that short";
  const Json evidence = Json::parse(get("/api/v1/incidents/1").body)["attempts"][0]["evidence"];
  EXPECT_THAT(evidence["logs"]["error"].get<std::string>(), HasSubstr("Docker's logs"));
}

TEST_F(RemediatorTest, TellsAlertmanagerWhatBecameOfIt) {
  std::promise<HttpText> posted;
  const StubServer alertmanager([&](StubConnection& connection) {
    posted.set_value(*connection.read_request());
    connection.send(http_response(200, ""));
  });
  options_.alertmanager_urls = {alertmanager.url("/am/")};
  options_.external_url = "https://selfheal.example/box/";
  start();
  ASSERT_EQ(post("/api/v1/alerts", firing("web")).status(), 200);
  while (engine_.count("/containers/aa/restart") == 0) std::this_thread::yield();
  engine_.answer("GET /containers/aa/json", {web_started_at("2026-01-31T12:00:00.5Z")});
  const HttpText request = posted.get_future().get();
  EXPECT_EQ(request.first_line, "POST /am/api/v2/alerts HTTP/1.1");
  const Json alert = Json::parse(request.body).at(0);
  EXPECT_EQ(alert["labels"]["outcome"], "recovered");
  EXPECT_EQ(alert["labels"]["container"], "web");
  EXPECT_EQ(alert["generatorURL"], "https://selfheal.example/box/incidents/1");
  Json incident;
  do incident = Json::parse(get("/api/v1/incidents/1").body);
  while (incident["outcomes"][0]["told_at"].is_null());
  EXPECT_THAT(get("/metrics").body,
              HasSubstr("selfheal_remediator_outcomes_total{outcome=\"recovered\"} 1"));
}

constexpr const char* kJson = "Content-Type: application/json\r\n";

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
  EXPECT_THAT(hidden["attempts"][0]["evidence"]["error"].get<std::string>(), HasSubstr("token"));
  const auto shown = request(remediator_->port(), "GET", "/api/v1/incidents/1", "", token);
  ASSERT_TRUE(shown.has_value());
  EXPECT_TRUE(Json::parse(shown->body)["attempts"][0]["evidence"].contains("logs")) << shown->body;
  EXPECT_THAT(get("/incidents/1").body, HasSubstr("is shown with the token"));
  const auto fragment = request(remediator_->port(), "GET", "/fragment?incident=1", "", token);
  ASSERT_TRUE(fragment.has_value());
  EXPECT_THAT(fragment->body, Not(HasSubstr("is shown with the token")));
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

TEST_F(RemediatorTest, MetricsMayTakeThePlaceOfTheLandingPage) {
  options_.telemetry_path = "/";
  start();
  EXPECT_THAT(get("/").body, HasSubstr("selfheal_remediator_build_info"));
  EXPECT_EQ(get("/metrics").status(), 404);
}

TEST_F(RemediatorTest, MetricsTakeThePlaceOfNoOtherPage) {
  for (const char* taken : {"/config", "/-/ready", "/api/v1/incidents", "/api/v1/incidents/1"}) {
    options_.telemetry_path = taken;
    const auto made = Remediator::create(options_, clock_);
    ASSERT_TRUE(made.ok()) << made.error().message;
    const Outcome<> started = (*made)->start();
    ASSERT_FALSE(started.ok()) << taken;
    EXPECT_THAT(started.error().message, HasSubstr(std::string("--web.telemetry-path ") + taken));
  }
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

TEST_F(RemediatorTest, ReloadsOverHttpWhereThatIsAllowed) {
  start();
  EXPECT_EQ(post("/-/reload").status(), 403);
  remediator_.reset();
  options_.enable_lifecycle = true;
  start();
  folder_.write("remediator.yml", "guards: {max_attempts: 7}\n");
  EXPECT_EQ(post("/-/reload").status(), 200);
  EXPECT_THAT(get("/config").body, HasSubstr("max_attempts: 7"));
  folder_.write("remediator.yml", "guards: {max_attempts: lots}\n");
  const HttpText failed = post("/-/reload");
  EXPECT_EQ(failed.status(), 500);
  EXPECT_THAT(failed.body, HasSubstr("remediator.yml:1: guards.max_attempts"));
  EXPECT_THAT(get("/config").body, HasSubstr("max_attempts: 7")) << "what was loaded before stays";
  EXPECT_THAT(get("/metrics").body, HasSubstr("config_last_reload_successful 0"));
}

TEST_F(RemediatorTest, AReloadTakesTheNewToken) {
  options_.webhook_token_file = folder_.write("token", "old\n");
  start();
  const auto status_with = [&](const std::string& token) {
    return post("/api/v1/alerts", firing("gone"), "Authorization: Bearer " + token + "\r\n")
        .status();
  };
  EXPECT_EQ(status_with("old"), 200);
  folder_.write("token", "new\n");
  ASSERT_TRUE(remediator_->reload().ok());
  EXPECT_EQ(status_with("old"), 401);
  EXPECT_EQ(status_with("new"), 200);
  folder_.write("token", "");
  EXPECT_FALSE(remediator_->reload().ok());
  EXPECT_EQ(status_with("new"), 200) << "an empty token lets nobody else in";
}

TEST_F(RemediatorTest, WithoutDockerItTakesAlertsAndIsNotReady) {
  options_.docker.host = "unix://" + folder_.path("none.sock");
  start();
  EXPECT_EQ(get("/-/healthy").status(), 200);
  EXPECT_EQ(get("/-/ready").status(), 503);
  EXPECT_EQ(post("/api/v1/alerts", firing("web")).status(), 200);
  Json incident;
  do incident = Json::parse(get("/api/v1/incidents/1").body);
  while (incident["reason"] == "accepted");
  EXPECT_EQ(incident["reason"], "docker_unreachable");
}

TEST_F(RemediatorTest, AFullDiskIsToldOnEverySideAndEndsByItself) {
  start();
  {
    const DiskFault full(ENOSPC);
    const HttpText refused = post("/api/v1/alerts", firing("gone"));
    EXPECT_EQ(refused.status(), 503) << "so that Alertmanager sends it again";
    EXPECT_THAT(refused.body, HasSubstr("disk is full"));
    const HttpText ready = get("/-/ready");
    EXPECT_EQ(ready.status(), 503);
    EXPECT_THAT(ready.body, HasSubstr("the journal can't be written: "));
    EXPECT_THAT(ready.body, HasSubstr("make room"));
    EXPECT_THAT(get("/metrics").body, HasSubstr("\nselfheal_remediator_journal_writable 0\n"));
    EXPECT_EQ(get("/-/healthy").status(), 200) << "a restart would mend nothing";
    EXPECT_EQ(get("/api/v1/incidents").status(), 200);
  }
  while (get("/-/ready").status() != 200) std::this_thread::sleep_for(Milliseconds(20));
  EXPECT_THAT(get("/metrics").body, HasSubstr("\nselfheal_remediator_journal_writable 1\n"));
  EXPECT_EQ(post("/api/v1/alerts", firing("gone")).status(), 200);
}

TEST_F(RemediatorTest, TheWatchdogIsRememberedOverARestart) {
  start();
  const std::string watchdog =
      R"({"version":"4","alerts":[{"status":"firing","labels":{"alertname":"Watchdog"},)"
      R"("startsAt":"2026-01-31T11:59:57Z","fingerprint":"w"}]})";
  ASSERT_EQ(post("/api/v1/alerts", watchdog).status(), 200);
  const auto last_seen = [&] {
    const std::string metrics = get("/metrics").body;
    const std::string name = "\nselfheal_remediator_watchdog_last_seen_timestamp_seconds ";
    const size_t at = metrics.find(name) + name.size();
    return metrics.substr(at, metrics.find('\n', at) - at);
  };
  const std::string before = last_seen();
  EXPECT_NE(before, "0");
  remediator_.reset();
  start();
  EXPECT_EQ(last_seen(), before);
  EXPECT_EQ(get("/-/ready").status(), 200);
}

TEST_F(RemediatorTest, StopsTwice) {
  start();
  remediator_->stop();
  remediator_->stop();
}

TEST_F(RemediatorTest, WarnsOfLinksThatLeadNowhere) {
  const auto warns = [&] {
    log::configure(log::Level::warn, log::Format::logfmt);
    testing::internal::CaptureStderr();
    EXPECT_TRUE(Remediator::create(options_, clock_).ok());
    return testing::internal::GetCapturedStderr().find("no --web.external-url") !=
           std::string::npos;
  };
  EXPECT_FALSE(warns()) << "nobody is told";
  options_.alertmanager_urls = {"http://127.0.0.1:9093"};
  EXPECT_TRUE(warns());
  options_.external_url = "https://selfheal.example";
  EXPECT_FALSE(warns());
  options_.external_url.clear();
  options_.webhook_token_file = folder_.write("token", "secret\n");
  EXPECT_TRUE(warns());
  options_.listen_addresses = {":0"};
  EXPECT_FALSE(warns());
}

TEST_F(RemediatorTest, SaysWhatIsWrongBeforeItStarts) {
  RemediatorOptions good = options_;
  options_.config_file = folder_.write("bad.yml", "nonsense: 1\n");
  EXPECT_THAT(refusal(), HasSubstr("bad.yml:1: nonsense"));
  options_ = good;
  options_.webhook_token_file = folder_.path("none");
  EXPECT_THAT(refusal(), HasSubstr("the token can't be read"));
  options_ = good;
  options_.docker.host = "ssh://box";
  EXPECT_THAT(refusal(), HasSubstr("--docker.host: ssh:// would take"));
  options_ = good;
  options_.alertmanager_urls = {"http://box:9093", "box:9093"};
  EXPECT_THAT(refusal(), HasSubstr("--alertmanager.url: \"box:9093\""));
  options_ = good;
  options_.prometheus_url = "user:secret@box:9090";
  EXPECT_THAT(refusal(), HasSubstr("--prometheus.url: \"user:***@box:9090\""));
  options_ = good;
  options_.external_url = "box";
  EXPECT_THAT(refusal(), HasSubstr("--web.external-url: \"box\""));
  options_ = good;
  options_.listen_addresses = {"0.0.0.0:0"};
  EXPECT_THAT(refusal(), HasSubstr("needs a --webhook.token-file"));
  options_ = good;
  options_.journal_path = folder_.path("none/journal.db");
  EXPECT_THAT(refusal(), HasSubstr("none/journal.db"));
  options_ = good;
  start();
  EXPECT_THAT(refusal(), HasSubstr("another selfheal-remediator"));
  options_.journal_path = folder_.path("second.db");
  options_.listen_addresses = {"127.0.0.1:" + std::to_string(remediator_->port())};
  auto second = Remediator::create(options_, clock_);
  ASSERT_TRUE(second.ok());
  EXPECT_THAT((*second)->start().error().message, HasSubstr("Address already in use"));
}

}  // namespace
}  // namespace selfheal
