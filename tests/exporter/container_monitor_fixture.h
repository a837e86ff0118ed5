// One container that is monitored, and what happens to it.
#pragma once

#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "exporter/health/container_monitor.h"
#include "tests/exporter/samples.h"

namespace selfheal {

inline ProbeSpec probe_spec(const std::string& name, int port = 80) {
  ProbeSpec spec;
  spec.module = ModuleSet().default_for(ProbeKind::http);
  spec.name = name;
  spec.url.port = port;
  spec.settings.failure_threshold = 2;
  spec.settings.start_period = Milliseconds(0);
  return spec;
}

class MonitorFixture : public testing::Test {
 protected:
  MonitorFixture() {
    web.key = {"host", "web"};
    web.group = "web";
    web.state = ContainerState::running;
    web.started_at = at(-100);
    web.probes = {probe_spec("default")};
  }

  ContainerStep update(double now) {
    return monitor.update(std::make_shared<const WatchedContainer>(web), at(now));
  }
  ContainerStep record(const ProbeResult& result, size_t probe = 0) {
    return monitor.record(*monitor.probes()[probe], result);
  }
  void become_healthy() {
    update(0);
    for (size_t i = 0; i < monitor.probes().size(); ++i) record(pass_at(0), i);
  }
  void die(double seconds, bool requested) {
    web.state = ContainerState::exited;
    web.finished_at = at(seconds);
    web.stop_requested = requested;
  }
  void start(double seconds) {
    web.state = ContainerState::running;
    web.started_at = at(seconds);
    web.stop_requested = false;
  }

  WatchedContainer web;
  TargetId ids = 1;
  ContainerMonitor monitor{ids};
};

}  // namespace selfheal
