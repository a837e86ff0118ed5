#include <algorithm>

#include "common/base/utf8.h"
#include "common/exposition/metric_text.h"
#include "exporter/discovery/label_overrides.h"
#include "exporter/discovery/target_discovery.h"
#include "tests/fuzz/fuzzers.h"

namespace selfheal::fuzz {
namespace {

Labels labels_in(std::string_view input) {
  Labels labels;
  while (!input.empty()) {
    const std::string_view line = input.substr(0, input.find('\n'));
    input.remove_prefix(std::min(line.size() + 1, input.size()));
    const size_t equals = std::min(line.find('='), line.size());
    labels.emplace(line.substr(0, equals), line.substr(std::min(equals + 1, line.size())));
  }
  return labels;
}

void check(const ProbeSpec& spec) {
  demand(spec.module != nullptr, "a probe has a module");
  demand(spec.module->prober == spec.url.kind, "the module is for the probe's kind");
  const ProbeSettings& settings = spec.settings;
  demand(settings.edge_interval <= settings.interval, "the edge interval is not the longer one");
  demand(settings.timeout > Milliseconds(0) && settings.interval > Milliseconds(0) &&
             settings.edge_interval > Milliseconds(0) && settings.failure_threshold > 0 &&
             settings.success_threshold > 0,
         "the numbers can be worked with");
}

}  // namespace

void container_labels(std::string_view input) {
  ContainerDetails container;
  container.name = "web";
  container.labels = labels_in(input);
  container.networks = {{"bridge", "172.17.0.2", ""}};
  container.exposed_tcp_ports = {8080};
  container.has_healthcheck = true;
  const DiscoveredContainer found = discover(container, nullptr, DiscoverySettings{});
  for (const Shared<ProbeSpec>& spec : found.probes) check(*spec);
  demand(is_utf8(label_block({{"group", found.labels.group}})), "series are UTF-8");
  for (const LabelError& error : found.labels.errors) demand(!error.what.empty(), "a reason");
  for (const auto& [label, value] : container.labels) fault_of_label(label, value);
}

}  // namespace selfheal::fuzz
