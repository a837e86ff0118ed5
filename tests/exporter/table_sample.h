// A health table's snapshot, filled by hand.
#pragma once

#include <string>

#include "exporter/health/health_table.h"
#include "tests/exporter/samples.h"

namespace selfheal {

class TableSample {
 public:
  WatchedContainerPtr add(WatchedContainer seen) {
    const auto shared = std::make_shared<const WatchedContainer>(std::move(seen));
    all.containers.push_back({shared, {}});
    return shared;
  }
  // Running, with one probe that has concluded nothing yet.
  ProbeRow& add_probed(const std::string& name) { return add_probe(add(running(name))); }
  // The row is valid until the next one is added.
  ProbeRow& add_probe(const WatchedContainerPtr& container) {
    ProbeRow row;
    row.identity =
        std::make_shared<const ProbeIdentity>(ProbeIdentity{container, *container->probes.at(0)});
    all.probes.push_back(std::move(row));
    return all.probes.back();
  }
  static WatchedContainer running(const std::string& name) {
    WatchedContainer seen;
    seen.key = {"host", name};
    seen.group = name;
    seen.state = ContainerState::running;
    seen.started_at = at(0);
    ProbeSpec spec;
    spec.name = "default";
    spec.url.port = 8080;
    spec.module = ModuleSet().find("http_2xx");
    seen.probes.emplace_back(spec);
    return seen;
  }
  static void pass(ProbeRow& row, double seconds) {
    row.numbers.count(pass_at(seconds));
    row.numbers.concluded = row.numbers.success = row.numbers.healthy = true;
    row.numbers.consecutive_successes = 1;
    row.numbers.passing_since_s = to_unix_seconds(at(seconds));
  }
  static void fail(ProbeRow& row, double seconds, int times, const std::string& detail) {
    row.numbers.count(fail_at(seconds));
    row.numbers.concluded = true;
    row.numbers.success = row.numbers.healthy = false;
    row.numbers.consecutive_failures = times;
    row.numbers.failing_since_s = to_unix_seconds(at(seconds));
    row.last_failure = std::make_shared<const std::string>(detail);
  }

  HealthSnapshot all;
};

}  // namespace selfheal
