// The remediator as main() wires it, in this process: one container healed by real sockets on every
// side, and what it does without its peers.
#include "remediator/remediator.h"

#include <cerrno>
#include <future>
#include <thread>

#include "tests/remediator/disk_fault.h"
#include "tests/remediator/remediator_fixture.h"

namespace selfheal {
namespace {

using testing::HasSubstr;

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

}  // namespace
}  // namespace selfheal
