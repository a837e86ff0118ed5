// The whole exporter against an engine and the sample app, for tests of what only a real one shows.
//
// The engine is what docker's own variables say; SELFHEAL_TEST_IMAGE is the sample app's image.
// Containers carry the label selfheal.test-run=$SELFHEAL_TEST_RUN and are removed by the fixture.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "common/docker/docker_client.h"
#include "common/docker/docker_flags.h"
#include "common/http/blocking_http_client.h"
#include "exporter/exporter.h"
#include "tests/exporter/eventually.h"
#include "tests/support/docker_command.h"

namespace selfheal {

class EngineFixture : public testing::Test {
 protected:
  explicit EngineFixture(Milliseconds resync = ExporterSettings().resync_interval) {
    ExporterSettings settings;
    settings.resync_interval = resync;
    DiscoverySettings discovery;
    discovery.defaults.interval = Milliseconds(300);
    discovery.defaults.edge_interval = Milliseconds(100);
    discovery.defaults.timeout = Milliseconds(300);
    discovery.defaults.start_period = Milliseconds(2'000);
    settings.discovery = discovery;
    exporter = std::make_unique<Exporter>(
        ExporterOptions{"", {"127.0.0.1:0"}, "/metrics", false, DockerFlags().host}, settings,
        clock, engine);
    const Outcome<> started = exporter->start();
    EXPECT_TRUE(started) << started.error().message;
    EXPECT_TRUE(eventually([&] { return exporter->ready(); }, std::chrono::seconds(20)));
  }
  ~EngineFixture() override {
    for (const std::string& container : made) {
      if (!docker("ps -aq --filter name=^" + container + "$").empty()) docker("rm -f " + container);
    }
  }

  // A container of the sample app named after the test and `suffix`; its id.
  std::string run(const std::string& options = "--label selfheal.enable=true",
                  const std::string& suffix = "") {
    made.push_back(name + suffix);
    return docker("run -d --name " + name + suffix + " --label selfheal.test-run=" +
                  from_environment("SELFHEAL_TEST_RUN", "exporter-test") + " " + options + " " +
                  from_environment("SELFHEAL_TEST_IMAGE", "selfheal.invalid/sample-app:dev"));
  }

  std::string metrics() {
    return fetch("http://127.0.0.1:" + std::to_string(exporter->port()) + "/metrics");
  }
  std::string fetch(const std::string& url, const std::string& method = "GET") {
    HttpRequest request;
    request.method = method;
    request.url = url;
    const HttpResult answer = client.fetch(std::move(request));
    return answer ? answer->body : "";
  }
  // The sample app, at the container's own address.
  void ask_app(const std::string& path, const std::string& suffix = "") {
    const auto details = engine.inspect(name + suffix);
    ASSERT_TRUE(details) << details.error().message;
    fetch("http://" + details->networks.at(0).ipv4 + ":8080" + path, "POST");
  }

  // The value of the container's series of that name with `label` among its labels.
  std::optional<double> value(const std::string& metric, const std::string& label = "",
                              const std::string& suffix = "") {
    const std::string all = metrics();
    for (size_t begin = 0; begin < all.size();) {
      const size_t end = all.find('\n', begin);
      const std::string line = all.substr(begin, end - begin);
      begin = end + 1;
      if (line.rfind(metric + "{", 0) != 0) continue;
      if (line.find("container=\"" + name + suffix + "\"") == std::string::npos) continue;
      if (line.find(label) == std::string::npos) continue;
      return std::stod(line.substr(line.rfind(' ')));
    }
    return std::nullopt;
  }
  bool becomes(const std::string& metric, double wanted, const std::string& label = "",
               const std::string& suffix = "") {
    return eventually([&] { return value(metric, label, suffix) == wanted; },
                      std::chrono::seconds(20));
  }
  bool becomes_healthy(const std::string& suffix = "") {
    return becomes("selfheal_probe_healthy", 1, "", suffix);
  }
  bool has_series(const std::string& suffix = "") {
    return metrics().find("container=\"" + name + suffix + "\"") != std::string::npos;
  }
  // The targets with their last results.
  std::string targets() {
    return fetch("http://127.0.0.1:" + std::to_string(exporter->port()) + "/api/v1/targets");
  }

  const std::string name = "selfheal-exporter-test-" + std::to_string(getpid());
  std::vector<std::string> made;
  SystemClock clock;
  DockerClient engine{*DockerFlags().address(), clock};
  BlockingHttpClient client{clock, "test"};
  std::unique_ptr<Exporter> exporter;
};

inline const char* const kExited = "state=\"exited\"";
inline const char* const kRestarted = "cause=\"restarted\"";
inline const char* const kSpontaneous = "cause=\"spontaneous\"";

}  // namespace selfheal
