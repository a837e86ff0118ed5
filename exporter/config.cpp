#include "exporter/config.h"

#include <algorithm>
#include <filesystem>
#include <sstream>

#include "common/base/time_text.h"
#include "common/base/yaml_fields.h"
#include "exporter/discovery/probe_settings.h"
#include "exporter/modules/module_file.h"
#include "exporter/probes/net/address_literal.h"

namespace selfheal {
namespace {

constexpr Milliseconds kShortestResync{1'000};
constexpr Milliseconds kLongestResync{3'600'000};

void read_defaults(YamlFields& fields, ProbeSettings& defaults) {
  for (const auto& setting : kDurationSettings) {
    const bool derived = setting.member == &ProbeSettings::edge_interval;
    fields.read({setting.key, setting.about, derived ? "a third of `interval`" : ""},
                defaults.*setting.member, setting.lowest, setting.highest);
  }
  for (const auto& setting : kCountSettings)
    fields.read({setting.key, setting.about}, defaults.*setting.member, setting.lowest,
                setting.highest);
  if (defaults.edge_interval > defaults.interval)
    fields.fault("edge_interval",
                 "expected at most defaults.interval, " + format_duration(defaults.interval));
}

void read_limits(YamlFields& fields, ExporterSettings& settings) {
  fields.read(
      {"probes_in_flight", "Probes at once; what is due beyond that is skipped, and counted"},
      settings.probes_in_flight, 1, 100'000);
  fields.read({"exec_in_flight", "Commands in containers at once"}, settings.exec_in_flight, 1,
              1'000);
  fields.read(
      {"probes_on_demand", "Served by `/probe` at once; more than at the start takes a restart"},
      settings.probes_on_demand, 1, 1'000);
}

// Before the modules of the file itself, which come over them.
void read_module_files(YamlFields& root, const std::string& file, ModuleSet& modules,
                       std::vector<std::string>& warnings) {
  const auto folder = std::filesystem::path(file).parent_path();
  root.each(
      {"module_files",
       "Files with nothing but `modules`, as blackbox_exporter's, beside this one unless absolute"},
      "a list of paths", [&](const std::string& path) -> Outcome<> {
        return read_yaml_file((folder / path).string(),
                              [&](YamlFields& fields) { read_modules(fields, modules, warnings); });
      });
}

void read_docker(YamlFields& fields, ExporterSettings& settings, DiscoverySettings& discovery) {
  fields.read({"resync_interval", "How often everything is listed, whatever events said"},
              settings.resync_interval, kShortestResync, kLongestResync);
  const YamlKey host_address(
      "host_address", "Where published ports, and what is in the host's network, are reached",
      "where Docker is");
  fields.read(host_address, "an IP address", [&](const std::string& text) -> Outcome<> {
    if (!is_address_literal(text)) return Error{"expected an IP address, not \"" + text + "\""};
    discovery.host_address = text;
    return Done{};
  });
}

void read_root(YamlFields& root, const std::string& file, ExporterSettings& settings) {
  DiscoverySettings discovery;
  root.section({"defaults", "Of every probe; a container's labels and a target's own keys win"},
               [&](YamlFields& fields) { read_defaults(fields, discovery.defaults); });
  read_module_files(root, file, discovery.modules, settings.warnings);
  read_modules(root, discovery.modules, settings.warnings);
  discovery.overrides = read_overrides(root, settings.warnings);
  settings.targets = read_targets(root, discovery);
  root.section({"docker", "How containers are found and reached"},
               [&](YamlFields& fields) { read_docker(fields, settings, discovery); });
  root.section({"limits", "How much at once"},
               [&](YamlFields& fields) { read_limits(fields, settings); });
  settings.discovery = std::move(discovery);
}

std::string counted(size_t count, const std::string& thing) {
  return std::to_string(count) + " " + thing + (count == 1 ? "" : "s");
}

// Those that are not built in, or not as they are here.
size_t own_modules(const ModuleSet& modules) {
  const ModuleSet built_in;
  const auto is_own = [&](const auto& entry) {
    const ModulePtr usual = built_in.find(entry.first);
    return usual == nullptr || !(*usual == *entry.second);
  };
  return static_cast<size_t>(std::count_if(modules.all().begin(), modules.all().end(), is_own));
}

}  // namespace

Result<ExporterSettings> read_config(const std::string& path) {
  ExporterSettings settings;
  if (path.empty()) return settings;
  const Outcome<> read =
      read_yaml_file(path, [&](YamlFields& root) { read_root(root, path, settings); });
  if (!read) return read.error();
  return settings;
}

Result<ExporterSettings> read_config_text(const std::string& text, const std::string& name) {
  ExporterSettings settings;
  const Outcome<> read =
      read_yaml_text(text, name, [&](YamlFields& root) { read_root(root, name, settings); });
  if (!read) return read.error();
  return settings;
}

YamlReference config_reference() {
  ExporterSettings usual;
  return describe_yaml([&](YamlFields& root) { read_root(root, "", usual); });
}

std::string to_yaml(const ExporterSettings& settings) {
  std::ostringstream text;
  text << "defaults:\n";
  const ProbeSettings& defaults = settings.discovery->defaults;
  for (const auto& setting : kDurationSettings) {
    const bool derived = setting.member == &ProbeSettings::edge_interval &&
                         defaults.edge_interval == Milliseconds(0);
    if (!derived)
      text << "  " << setting.key << ": " << format_duration(defaults.*setting.member) << '\n';
  }
  for (const auto& setting : kCountSettings)
    text << "  " << setting.key << ": " << defaults.*setting.member << '\n';
  text << "docker:\n  resync_interval: " << format_duration(settings.resync_interval) << '\n';
  if (!settings.discovery->host_address.empty())
    text << "  host_address: \"" << settings.discovery->host_address << "\"\n";
  text << "limits:\n  probes_in_flight: " << settings.probes_in_flight << '\n';
  text << "  exec_in_flight: " << settings.exec_in_flight << '\n';
  text << "  probes_on_demand: " << settings.probes_on_demand << '\n';
  text << to_yaml(settings.discovery->modules);
  text << to_yaml(settings.discovery->overrides);
  text << to_yaml(settings.targets, *settings.discovery);
  return std::move(text).str();
}

std::string summary(const ExporterSettings& settings) {
  return counted(own_modules(settings.discovery->modules), "module") + " of its own, " +
         counted(settings.targets.size(), "target") + ", " +
         counted(settings.discovery->overrides.size(), "override");
}

}  // namespace selfheal
