// One remediator for several Docker hosts, on engines that answer as they are told.
#include <chrono>
#include <filesystem>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "common/base/log.h"
#include "remediator/remediator.h"
#include "tests/support/fake_engine.h"
#include "tests/support/http_peer.h"

namespace selfheal {
namespace {

using std::chrono::seconds;
using testing::HasSubstr;
using Json = nlohmann::json;

// The head of an answer of which nothing more comes.
constexpr const char* kStalled = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n";
constexpr seconds kLongestWait{20};

std::string web_started_at(const std::string& time) {
  return http_response(
      200, R"({"Id":"aa","Name":"/web","State":{"Status":"running","StartedAt":")" + time +
               R"("},"Config":{"Labels":{"selfheal.enable":"true"}}})");
}

std::string info_of(const std::string& name) {
  return http_response(200, R"({"Name":")" + name + R"(","ServerVersion":"20.10"})");
}

class SeveralHosts : public testing::Test {
 protected:
  SeveralHosts() {
    for (auto* engine : {&first_, &second_}) {
      engine->answer("GET /containers/web/json", {web_started_at("2026-01-31T11:00:00Z")});
      engine->answer("GET /containers/aa/json", {web_started_at("2026-01-31T11:00:00Z")});
      engine->answer("POST /containers/aa/restart", {http_response(204, "")});
    }
    first_.answer("GET /info", {info_of("box1")});
    second_.answer("GET /info", {info_of("box2")});
    options_.listen_addresses = {"127.0.0.1:0"};
    options_.docker.host = "unix://" + folder_.path("nobody.sock");
    options_.journal_path = folder_.path("journal.db");
    configure(first_.socket_path(), second_.socket_path());
  }
  void configure(const std::string& first, const std::string& second) {
    options_.config_file =
        folder_.write("remediator.yml",
                      "verification: {settled: 0s}\nevidence: {enabled: false}\ndocker:\n  hosts:\n"
                      "    - {name: box1, url: 'unix://" +
                          first +
                          "'}\n"
                          "    - {name: box2, url: 'unix://" +
                          second + "'}\n");
  }
  void start() {
    auto made = Remediator::create(options_, clock_);
    ASSERT_TRUE(made.ok()) << made.error().message;
    remediator_ = *std::move(made);
    const auto started = remediator_->start();
    ASSERT_TRUE(started.ok()) << started.error().message;
  }
  HttpText get(const std::string& target) {
    return request(remediator_->port(), "GET", target).value_or(HttpText{});
  }
  // An alert for each of the containers.
  void fire(const std::string& host, const std::vector<std::string>& containers = {"web"}) {
    Json alerts = Json::array();
    for (const std::string& container : containers)
      alerts.push_back({{"status", "firing"},
                        {"labels",
                         {{"alertname", "ProbeFailing"},
                          {"host", host},
                          {"remediation", "restart"},
                          {"container", container}}},
                        {"startsAt", "2026-01-31T11:59:57Z"},
                        {"fingerprint", host + container}});
    const auto answer = request(remediator_->port(), "POST", "/api/v1/alerts",
                                Json{{"version", "4"}, {"alerts", alerts}}.dump(),
                                "Content-Type: application/json\r\n");
    EXPECT_TRUE(answer && answer->status() == 200);
  }
  template <class Condition>
  bool becomes(const Condition& condition) const {
    const SteadyTime deadline = clock_.steady_now() + kLongestWait;
    while (!condition()) {
      if (clock_.steady_now() > deadline) return false;
      std::this_thread::yield();
    }
    return true;
  }
  static bool restarted(const FakeEngine& engine) {
    return engine.count("POST /v1.41/containers/aa/restart") == 1;
  }
  Json first_incident() { return Json::parse(get("/api/v1/incidents/1").body); }
  // Once it waits for something else than to be looked at.
  Json judged_incident() {
    EXPECT_TRUE(becomes([&] { return first_incident()["reason"] != "accepted"; }));
    return first_incident();
  }

  SystemClock clock_;
  TempFolder folder_;
  FakeEngine first_{"1.12", "1.41"};
  FakeEngine second_{"1.12", "1.41"};
  RemediatorOptions options_;
  std::unique_ptr<Remediator> remediator_;
};

TEST_F(SeveralHosts, TheAlertsHostChoosesTheEngine) {
  start();
  fire("box2");
  ASSERT_TRUE(becomes([&] { return restarted(second_); }));
  EXPECT_EQ(first_.count("/containers/"), 0);
  second_.answer("GET /containers/aa/json", {web_started_at("2026-01-31T12:00:00Z")});
  EXPECT_TRUE(becomes([&] { return first_incident()["outcome"] == "recovered"; }));
  fire("box1");
  EXPECT_TRUE(becomes([&] { return restarted(first_); }));
  EXPECT_THAT(get("/metrics").body,
              HasSubstr("selfheal_remediator_docker_connected{host=\"box1\"} 1\n"
                        "selfheal_remediator_docker_connected{host=\"box2\"} 1\n"));
  EXPECT_EQ(get("/-/ready").body, "ready\n");
  EXPECT_THAT(get("/config").body, HasSubstr("name: box1"));
}

// More containers than there are hands at all, on an engine whose every look takes its deadline.
TEST_F(SeveralHosts, AnEngineThatHangsHoldsUpNoOther) {
  FakeEngine hanging("1.12",
                     "1.41");  // gone before the remediator stops, which waits for its calls
  hanging.answer("GET /info", {info_of("box1")});
  configure(hanging.socket_path(), second_.socket_path());
  std::vector<std::string> containers;
  for (int i = 0; i < 50; ++i) {
    containers.push_back("hangs" + std::to_string(i));
    hanging.answer("GET /containers/" + containers.back() + "/json", {kStalled});
  }
  start();
  fire("box1", containers);
  // Each of its hands waits for it.
  ASSERT_TRUE(becomes([&] { return hanging.count("/hangs") >= 8; }));
  const SteadyTime begun = clock_.steady_now();
  fire("box2");
  ASSERT_TRUE(becomes([&] { return restarted(second_); }));
  EXPECT_LT(clock_.steady_now() - begun, seconds(1));
  EXPECT_EQ(hanging.count("/hangs"), 8) << "as many as one host has hands";
}

TEST_F(SeveralHosts, OneThatNeverAnsweredHoldsUpNeitherTheStartNorAnother) {
  first_.answer("GET /info", {kStalled});
  const SteadyTime begun = clock_.steady_now();
  start();
  EXPECT_LT(clock_.steady_now() - begun, seconds(4));
  fire("box1");
  EXPECT_EQ(judged_incident()["reason"], "docker_unreachable");
  fire("box2");
  ASSERT_TRUE(becomes([&] { return restarted(second_); }));
  EXPECT_EQ(first_.count("/containers/"), 0) << "what is not there is not asked";
  const HttpText ready = get("/-/ready");
  EXPECT_EQ(ready.status(), 200);
  EXPECT_EQ(ready.body, "ready\nhost box1: Docker does not answer\n");
  EXPECT_THAT(get("/").body, HasSubstr("host box1: Docker does not answer"));
  EXPECT_THAT(get("/metrics").body, HasSubstr("docker_connected{host=\"box1\"} 0\n"));
}

TEST_F(SeveralHosts, WithoutAnyThatAnswersItIsNotReady) {
  for (auto* engine : {&first_, &second_})
    engine->answer("GET /info", {"", FakeEngine::Then::close});
  start();
  const HttpText ready = get("/-/ready");
  EXPECT_EQ(ready.status(), 503);
  EXPECT_THAT(ready.body, HasSubstr("host box1: Docker does not answer\nhost box2: Docker"));
}

TEST_F(SeveralHosts, AnEngineThatIsCalledOtherwiseIsLeftAlone) {
  second_.answer("GET /info", {info_of("db")});
  start();
  fire("box2");
  const Json incident = judged_incident();
  EXPECT_EQ(incident["reason"], "unknown_host");
  EXPECT_EQ(incident["detail"], "docker.hosts calls the engine at unix://" + second_.socket_path() +
                                    " \"box2\", it calls itself \"db\"");
  EXPECT_EQ(second_.count("/containers/"), 0);
  EXPECT_THAT(get("/-/ready").body, HasSubstr("host box2: docker.hosts calls the engine"));
  EXPECT_THAT(get("/metrics").body, HasSubstr("docker_connected{host=\"box2\"} 0\n"));
}

TEST_F(SeveralHosts, TheSameEngineTwiceIsUsedOnce) {
  const std::string again = folder_.path("again.sock");
  std::filesystem::create_symlink(first_.socket_path(), again);
  configure(first_.socket_path(), again);
  start();
  fire("box2");
  EXPECT_THAT(judged_incident()["detail"].get<std::string>(),
              HasSubstr("the same engine must not be given twice"));
  fire("box1");
  EXPECT_TRUE(becomes([&] { return restarted(first_); }));
}

TEST_F(SeveralHosts, AHostThatIsNotConfiguredIsNobodys) {
  start();
  fire("elsewhere");
  const Json incident = judged_incident();
  EXPECT_EQ(incident["reason"], "unknown_host");
  EXPECT_THAT(incident["detail"].get<std::string>(), HasSubstr("only \"box1\", \"box2\""));
  const auto paused =
      request(remediator_->port(), "POST", "/api/v1/pause",
              R"({"scope":"host","host":"elsewhere"})", "Content-Type: application/json\r\n");
  ASSERT_TRUE(paused.has_value());
  EXPECT_EQ(paused->status(), 404);
  EXPECT_THAT(paused->body, HasSubstr("the Docker hosts here are box1, box2, not elsewhere"));
}

// As when it is taken out of the configuration while a restart is under way.
TEST_F(SeveralHosts, AnAttemptOnAHostThatIsNoLongerConfiguredEnds) {
  start();
  fire("box2");
  ASSERT_TRUE(becomes([&] { return restarted(second_); }));
  ASSERT_TRUE(becomes([&] { return first_incident()["state"] == "acting"; }));
  remediator_.reset();
  options_.config_file =
      folder_.write("remediator.yml", "docker:\n  hosts:\n    - {name: box1, url: 'unix://" +
                                          first_.socket_path() + "'}\n");
  start();
  ASSERT_TRUE(becomes([&] { return first_incident()["attempts"][0]["result"] == "no_effect"; }));
  EXPECT_THAT(first_incident()["attempts"][0]["detail"].get<std::string>(),
              HasSubstr("there is no host \"box2\" in docker.hosts"));
}

TEST_F(SeveralHosts, BothWaysToSayWhereDockerIsAreRefused) {
  options_.docker.said = true;
  const auto made = Remediator::create(options_, clock_);
  ASSERT_FALSE(made.ok());
  EXPECT_THAT(made.error().message, HasSubstr("--docker.host"));
  EXPECT_THAT(made.error().message, HasSubstr("docker.hosts"));
}

TEST_F(SeveralHosts, AReloadThatChangesThemWarns) {
  start();
  log::configure(log::Level::warn, log::Format::logfmt);
  configure(first_.socket_path(), folder_.path("elsewhere.sock"));
  testing::internal::CaptureStderr();
  EXPECT_TRUE(remediator_->reload().ok());
  EXPECT_THAT(testing::internal::GetCapturedStderr(),
              HasSubstr("docker.hosts has changed, and counts from the next start on"));
  fire("box2");
  EXPECT_TRUE(becomes([&] { return restarted(second_); }));
}

}  // namespace
}  // namespace selfheal
