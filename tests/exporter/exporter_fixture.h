// The whole exporter in-process, on a fake Docker and a port of the kernel's choice.
#pragma once

#include <cstdio>
#include <fstream>
#include <memory>
#include <string>

#include <gtest/gtest.h>
#include <unistd.h>

#include "common/http/blocking_http_client.h"
#include "exporter/exporter.h"
#include "tests/exporter/eventually.h"
#include "tests/exporter/fake_docker.h"
#include "tests/exporter/samples.h"
#include "tests/exporter/stub_server.h"

namespace selfheal {

class ExporterTest : public testing::Test {
 protected:
  ExporterTest() { write_config("defaults: {interval: 100ms, timeout: 90ms}\n"); }
  ~ExporterTest() override { std::remove(config_file.c_str()); }

  void write_config(const std::string& yaml) { std::ofstream(config_file) << yaml; }
  void create(bool lifecycle = true) {
    ExporterOptions options{config_file, {"127.0.0.1:0"}, "/metrics", lifecycle, "unix:///fake"};
    options.web_gate = gate;
    exporter = std::make_unique<Exporter>(options, *read_config(config_file), clock, docker);
  }
  void start(bool lifecycle = true) {
    create(lifecycle);
    const Outcome<> started = exporter->start();
    ASSERT_TRUE(started) << started.error().message;
  }
  HttpResponse ask(const std::string& method, const std::string& path) {
    HttpRequest request;
    request.method = method;
    request.url = "http://127.0.0.1:" + std::to_string(exporter->port()) + path;
    const HttpResult answer = client.fetch(std::move(request));
    return answer ? *answer : HttpResponse{};
  }
  HttpResponse get(const std::string& path) { return ask("GET", path); }
  bool metrics_show(const std::string& line) {
    return eventually([&] { return get("/metrics").body.find(line) != std::string::npos; });
  }
  void add_web(Labels labels = {}) {
    labels["selfheal.probe"] = "http://:" + std::to_string(server.port()) + "/";
    ContainerDetails web = running_container("web", std::move(labels));
    web.networks = {{"n", "127.0.0.1", ""}};
    docker.set(web);
  }

  const std::string config_file =
      testing::TempDir() + "exporter-test-" + std::to_string(getpid()) + ".yml";
  SystemClock clock;
  FakeDocker docker;
  StubServer server;
  BlockingHttpClient client{clock, "test"};
  std::shared_ptr<WebGate> gate;
  std::unique_ptr<Exporter> exporter;
};

}  // namespace selfheal
