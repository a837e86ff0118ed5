#include "exporter/config.h"

#include <sstream>

#include "common/base/time_text.h"
#include "common/base/yaml_fields.h"
#include "exporter/discovery/probe_settings.h"
#include "exporter/modules/module_file.h"

namespace selfheal {
namespace {

constexpr Milliseconds kShortestResync{1'000};
constexpr Milliseconds kLongestResync{3'600'000};

void read_defaults(YamlFields& fields, ProbeSettings& defaults) {
  for (const auto& setting : kDurationSettings)
    fields.read(setting.key, defaults.*setting.member, setting.lowest, setting.highest);
  for (const auto& setting : kCountSettings)
    fields.read(setting.key, defaults.*setting.member, setting.lowest, setting.highest);
}

}  // namespace

Result<ExporterSettings> read_config(const std::string& path) {
  ExporterSettings settings;
  if (path.empty()) return settings;
  DiscoverySettings discovery;
  const Outcome<> read = read_yaml_file(path, [&](YamlFields& root) {
    root.section("defaults",
                 [&](YamlFields& fields) { read_defaults(fields, discovery.defaults); });
    read_modules(root, discovery.modules, settings.warnings);
    root.section("docker", [&](YamlFields& fields) {
      fields.read("resync_interval", settings.resync_interval, kShortestResync, kLongestResync);
    });
    root.section("limits", [&](YamlFields& fields) {
      fields.read("probes_in_flight", settings.probes_in_flight, 1, 100'000);
      fields.read("exec_in_flight", settings.exec_in_flight, 1, 1'000);
      fields.read("probes_on_demand", settings.probes_on_demand, 1, 1'000);
    });
  });
  if (!read) return read.error();
  if (discovery.defaults.edge_interval > discovery.defaults.interval)
    return Error{path + ": defaults.edge_interval: expected at most defaults.interval, " +
                 format_duration(discovery.defaults.interval)};
  settings.discovery = std::move(discovery);
  return settings;
}

std::string to_yaml(const ExporterSettings& settings) {
  std::ostringstream text;
  text << "defaults:\n";
  const ProbeSettings defaults = with_edge_interval(settings.discovery->defaults);
  for (const auto& setting : kDurationSettings)
    text << "  " << setting.key << ": " << format_duration(defaults.*setting.member) << '\n';
  for (const auto& setting : kCountSettings)
    text << "  " << setting.key << ": " << defaults.*setting.member << '\n';
  text << "docker:\n  resync_interval: " << format_duration(settings.resync_interval) << '\n';
  text << "limits:\n  probes_in_flight: " << settings.probes_in_flight << '\n';
  text << "  exec_in_flight: " << settings.exec_in_flight << '\n';
  text << "  probes_on_demand: " << settings.probes_on_demand << '\n';
  text << to_yaml(settings.discovery->modules);
  return std::move(text).str();
}

}  // namespace selfheal
