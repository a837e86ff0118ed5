// What discovery does with each container: labels to probes. And the labels of series that a scrape
// makes of it.
#include <benchmark/benchmark.h>

#include "bench/scrape/fleet.h"
#include "exporter/discovery/probe_url.h"
#include "exporter/discovery/target_discovery.h"
#include "exporter/metrics/series_labels.h"

namespace selfheal {
namespace {

ContainerDetails container() {
  ContainerDetails details;
  details.id = std::string(64, 'a');
  details.name = "shop-web-1";
  details.labels = {{"com.docker.compose.project", "shop"},
                    {"com.docker.compose.service", "web"},
                    {"selfheal.enable", "true"},
                    {"selfheal.probe", "http://:8080/health"},
                    {"selfheal.interval", "5s"},
                    {"selfheal.timeout", "500ms"},
                    {"selfheal.failure-threshold", "3"},
                    {"selfheal.depends-on", "shop/db,shop/cache"}};
  details.state = ContainerState::running;
  details.network_mode = "shop_default";
  details.networks = {{"shop_default", "172.18.0.7", ""}};
  details.exposed_tcp_ports = {8080};
  return details;
}

void parse_probe_label(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(parse_probe_url("http://:8080/health?deep=1"));
}
BENCHMARK(parse_probe_label);

void read_labels(benchmark::State& state) {
  const ContainerDetails details = container();
  for (auto _ : state)
    benchmark::DoNotOptimize(read_container_labels(details.labels, details.name, {}));
}
BENCHMARK(read_labels);

void discover_container(benchmark::State& state) {
  const ContainerDetails details = container();
  const DiscoverySettings settings;
  for (auto _ : state) benchmark::DoNotOptimize(discover(details, nullptr, settings));
}
BENCHMARK(discover_container);

void make_series_labels(benchmark::State& state) {
  constexpr size_t kContainers = 1'000;
  HealthTable table;
  watch_containers(kContainers, table);
  const HealthSnapshot all = table.snapshot();
  for (auto _ : state) benchmark::DoNotOptimize(SeriesLabels(all));
  state.SetItemsProcessed(static_cast<int64_t>(2 * kContainers) * state.iterations());
}
BENCHMARK(make_series_labels);

}  // namespace
}  // namespace selfheal
