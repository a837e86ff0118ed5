// The whole remediator in this process, on a real engine and without a Prometheus: it verifies by
// what Docker says.
//
// The engine is what docker's own variables say; SELFHEAL_TEST_IMAGE is the sample app's image,
// which SIGTERM ends at once. Containers are in the host's network, which every engine has, on any
// free port; they carry the label selfheal.test-run=$SELFHEAL_TEST_RUN and are removed by the
// fixture.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "common/base/time_text.h"
#include "common/docker/docker_client.h"
#include "common/docker/docker_flags.h"
#include "remediator/remediator.h"
#include "tests/exporter/eventually.h"
#include "tests/support/docker_command.h"
#include "tests/support/http_peer.h"
#include "tests/support/temp_folder.h"

namespace selfheal {

class EngineFixture : public testing::Test {
 protected:
  using Json = nlohmann::json;

  EngineFixture() {
    RemediatorOptions options;
    options.listen_addresses = {"127.0.0.1:0"};
    options.journal_path = folder.path("journal.db");
    options.config_file = folder.write("quick.yml", R"(
guards:
  max_attempts: 1
  start_grace: 0s
  create_grace: 0s
verification: {settled: 2s, poll_interval: 50ms, timeout: 20s}
)");
    auto made = Remediator::create(options, clock);
    EXPECT_TRUE(made.ok()) << made.error().message;
    remediator = *std::move(made);
    const auto started = remediator->start();
    EXPECT_TRUE(started.ok()) << started.error().message;
  }
  ~EngineFixture() override {
    if (try_docker("container inspect " + name).status != 0) return;
    try_docker("kill " + name);  // Podman waits for the stop timeout even when it is forced
    docker("rm -f " + name);
  }

  // The container of this test, of the sample app.
  void run(const std::string& options = "") {
    docker("run -d --name " + name + " --label selfheal.test-run=" +
           from_environment("SELFHEAL_TEST_RUN", "remediator-test") +
           " --label selfheal.enable=true --network host -e PORT=0 --no-healthcheck " + options +
           " " + from_environment("SELFHEAL_TEST_IMAGE", "selfheal.invalid/sample-app:dev"));
    ASSERT_TRUE(eventually([&] { return live().running(); }));
  }
  ContainerDetails live() {
    const auto details = engine.inspect(name);
    EXPECT_TRUE(details.ok()) << details.error().message;
    return details ? *details : ContainerDetails{};
  }

  // Alertmanager's part: a failure that asks for that action.
  void tell(const std::string& action = "restart") {
    const auto info = engine.info();
    ASSERT_TRUE(info.ok()) << info.error().message;
    const Json alert{{"status", "firing"},
                     {"labels",
                      {{"alertname", "Broken"},
                       {"host", info->host_name},
                       {"container", name},
                       {"remediation", action}}},
                     {"startsAt", format_rfc3339(clock.wall_now())},
                     {"fingerprint", name + "-" + action}};
    const Json payload{{"version", "4"}, {"alerts", {alert}}};
    const auto answer = request(remediator->port(), "POST", "/api/v1/alerts", payload.dump(),
                                "Content-Type: application/json\r\n");
    ASSERT_TRUE(answer && answer->status() == 200);
  }
  // The newest one, with attempts, decisions and evidence; null where there is none.
  Json incident() {
    const Json all = get("/api/v1/incidents?limit=1&container=" + name)["incidents"];
    if (all.empty()) return nullptr;
    return get("/api/v1/incidents/" + std::to_string(all[0]["id"].get<int>()));
  }
  bool incident_becomes(const std::string& key, const std::string& value,
                        std::chrono::seconds limit = std::chrono::seconds(30)) {
    return eventually(
        [&] {
          const Json now = incident();
          return now.is_object() && now[key] == value;
        },
        limit);
  }
  // Of the only attempt that was made.
  Json attempt() {
    const Json attempts = incident()["attempts"];
    EXPECT_EQ(attempts.size(), 1U);
    return attempts.empty() ? Json() : attempts[0];
  }
  void expect_result(const std::string& result) {
    const auto ended = [&] {
      const Json now = incident();
      return now.is_object() && !now["attempts"].empty() && now["attempts"][0]["result"] != "";
    };
    ASSERT_TRUE(eventually(ended, std::chrono::seconds(40))) << incident().dump(1);
    EXPECT_EQ(attempt()["result"], result) << incident().dump(1);
  }
  static std::chrono::duration<double> between(const Json& from, const Json& to) {
    return *parse_rfc3339(to.get<std::string>()) - *parse_rfc3339(from.get<std::string>());
  }

  const std::string name = "selfheal-remediator-test-" + std::to_string(getpid());
  SystemClock clock;
  TempFolder folder;
  DockerClient engine{*DockerFlags().address(), clock};
  std::unique_ptr<Remediator> remediator;

 private:
  Json get(const std::string& target) {
    const auto answer = request(remediator->port(), "GET", target);
    return answer ? Json::parse(answer->body, nullptr, false) : Json();
  }
};

}  // namespace selfheal
