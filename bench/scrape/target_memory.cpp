// What a target costs in memory: puts many configured ones through a probe loop, and prints the
// process's anonymous memory per target, idle and after a scrape.
//
//   target-memory [TARGETS]
#include <cstdlib>
#include <fstream>
#include <future>
#include <iostream>

#include "common/docker/docker_client.h"
#include "common/exposition/gzip_sink.h"
#include "exporter/metrics/exporter_metrics.h"
#include "exporter/metrics/health_metrics.h"
#include "exporter/probe_loop.h"

namespace {

using namespace selfheal;

// In bytes, by its name in /proc/self/status.
size_t memory(const std::string& name) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with(name + ":")) return std::stoul(line.substr(name.size() + 1)) * 1024;
  return 0;
}

WatchedContainerPtr target(size_t number, const ModulePtr& module) {
  const std::string name = "shop-" + std::to_string(number) + ".example.org";
  ProbeSpec spec;
  spec.name = "default";
  spec.module = module;
  spec.url = {ProbeKind::http, "http", "127.0.0.1", 1, "/-/healthy?shop=" + name, {}};
  spec.settings.interval = std::chrono::hours(1);
  spec.settings.edge_interval = std::chrono::hours(1);
  WatchedContainer seen;
  seen.key = {"", name};
  seen.origin = Origin::configured;
  seen.group = name;
  seen.state = ContainerState::running;
  seen.probes.emplace_back(std::move(spec));
  return std::make_shared<const WatchedContainer>(std::move(seen));
}

void print(const char* what, size_t bytes, size_t targets) {
  std::cout << what << ": " << bytes / 1'000'000 << " MB, " << bytes / targets << " B a target\n";
}

size_t scrape(const HealthTable& table) {
  std::string text;
  GzipSink gzip(text);
  MetricsWriter writer(MetricsFormat::openmetrics, gzip);
  HealthMetrics(table).write(writer);
  writer.finish();
  gzip.finish();
  return text.size();
}

}  // namespace

int main(int argc, char** argv) {
  const size_t targets = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 100'000;
  const SystemClock clock;
  DockerClient docker(*parse_docker_host("unix:///nonexistent"), clock);
  HealthTable table;
  ExporterMetrics metrics;
  ProbeLoop loop(clock, docker, table, metrics.probe_lateness(), 1000,
                 [](const WatchedContainer&) {});
  const size_t before = memory("RssAnon");

  InventoryChange change;
  const ModulePtr module = ModuleSet().default_for(ProbeKind::http);
  for (size_t i = 0; i < targets; ++i) change.updated.push_back(target(i, module));
  print("discovered", memory("RssAnon") - before, targets);
  std::promise<void> applied;
  loop.apply(change);
  loop.after_applied([&] { applied.set_value(); });
  applied.get_future().wait();
  print("watched", memory("RssAnon") - before, targets);
  const size_t compressed = scrape(table);
  print("at a scrape's peak, resident", memory("VmHWM"), targets);
  print("after the scrape", memory("RssAnon") - before, targets);
  std::cout << "compressed text: " << compressed / 1'000 << " KB" << std::endl;
  std::_Exit(0);  // taking a hundred thousand apart again is not of interest
}
