// A probe loop with real sockets on loopback and short intervals, fed as the watcher of Docker
// does.
#pragma once

#include <gtest/gtest.h>

#include "exporter/metrics/exporter_metrics.h"
#include "exporter/probe_loop.h"
#include "tests/exporter/eventually.h"
#include "tests/exporter/fake_docker.h"
#include "tests/exporter/samples.h"
#include "tests/exporter/stub_server.h"

namespace selfheal {

inline const std::string kOk = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
inline const std::string kBroken = "HTTP/1.1 500 Broken\r\nContent-Length: 0\r\n\r\n";

class ProbeLoopTest : public testing::Test {
 protected:
  WatchedContainer container(const std::string& name, int port) const {
    WatchedContainer seen;
    seen.key = {"host", name};
    seen.group = name;
    seen.id = "id-" + name;
    seen.state = ContainerState::running;
    seen.started_at = clock.wall_now();
    ProbeSpec spec;
    spec.module = ModuleSet().default_for(ProbeKind::http);
    spec.name = "default";
    spec.url = {ProbeKind::http, "http", "", port, "/", {}};
    spec.endpoints = {{"127.0.0.1", port}};
    spec.settings.interval = Milliseconds(200);
    spec.settings.edge_interval = Milliseconds(20);
    spec.settings.timeout = Milliseconds(150);
    spec.settings.start_period = Milliseconds(0);
    seen.probes = {spec};
    return seen;
  }
  void see(const WatchedContainer& seen) {
    InventoryChange change;
    change.updated = {std::make_shared<const WatchedContainer>(seen)};
    loop.apply(change);
  }
  void remove(const WatchedContainer& seen) {
    InventoryChange change;
    change.removed = {seen.key};
    loop.apply(change);
  }
  std::optional<ProbeNumbers> numbers(const std::string& name) const {
    for (const ProbeRow& row : table.snapshot().probes)
      if (row.identity->container->key.name == name) return row.numbers;
    return std::nullopt;
  }
  RecoveryCounts recoveries(const std::string& name) const {
    for (const ContainerRow& row : table.snapshot().containers)
      if (row.container->key.name == name) return row.recoveries;
    return {};
  }
  // As the watcher does it: what Docker says, if it is news, and that it was asked.
  void answer_look(const WatchedContainer& seen) {
    InventoryChange change;
    change.looked_at = {seen.key};
    loop.apply(change);
  }
  bool becomes(const std::string& name, const std::function<bool(const ProbeNumbers&)>& wanted) {
    return eventually([&] {
      const auto now = numbers(name);
      return now && wanted(*now);
    });
  }
  bool becomes_healthy(const std::string& name) {
    return becomes(name, [](const ProbeNumbers& n) { return n.healthy && n.success; });
  }

  SystemClock clock;
  FakeDocker docker;
  HealthTable table;
  ExporterMetrics metrics;
  std::atomic<int> looks{0};
  std::atomic<bool> docker_answers{true};
  ProbeLoop loop{
      clock, docker, table, metrics.probe_lateness(), 100, [this](const WatchedContainer& seen) {
        ++looks;
        if (docker_answers) answer_look(seen);
      }};
  StubServer server{kOk};
};

}  // namespace selfheal
