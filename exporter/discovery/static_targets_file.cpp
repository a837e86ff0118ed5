// Targets from YAML and back: see static_targets.h.
#include <algorithm>
#include <array>
#include <set>
#include <string_view>
#include <utility>

#include <yaml-cpp/emitter.h>
#include <yaml-cpp/emittermanip.h>

#include "common/base/time_text.h"
#include "common/base/utf8.h"
#include "common/base/yaml_text.h"
#include "common/exposition/metric_text.h"
#include "exporter/discovery/container_labels.h"
#include "exporter/discovery/module_choice.h"
#include "exporter/discovery/probe_settings.h"
#include "exporter/discovery/probe_url.h"
#include "exporter/discovery/static_targets.h"

namespace selfheal {
namespace {

// What series have of themselves; what makes a series that of a container; and what would hand an
// alert on a target to the remediator.
constexpr std::array<std::string_view, 10> kReserved{"target",  "group",      "probe", "reason",
                                                     "cause",   "le",         "host",  "container",
                                                     "service", "remediation"};

std::string fault_of_series_label(const std::string& name, const std::string& value) {
  if (!is_label_name(name) || name.starts_with("__"))
    return "expected a label's name: letters, digits and _, without a digit or __ in front";
  if (std::find(kReserved.begin(), kReserved.end(), name) != kReserved.end())
    return "a target can't give this label itself";
  return is_utf8(value) ? "" : "expected UTF-8";
}

Labels read_series_labels(YamlFields& fields) {
  Labels labels;
  for (const std::string& name : fields.keys()) {
    std::string value;
    fields.read({name, "A label"}, value);
    const std::string fault = fault_of_series_label(name, value);
    if (!fault.empty()) fields.fault(name, fault);
    if (!value.empty()) labels[name] = std::move(value);  // an empty label is none
  }
  return labels;
}

// There is no start that a period could be counted from.
bool applies(const DurationSetting& setting) {
  return setting.member != &ProbeSettings::start_period;
}

// Those of a target that gives none, but this interval.
ProbeSettings settings_with(const ProbeSettings& defaults, Milliseconds interval) {
  ProbeSettings settings = defaults;
  settings.interval = interval;
  settings.start_period = Milliseconds(0);
  // One that was made for a longer interval: take this interval's third.
  if (settings.edge_interval > interval) settings.edge_interval = Milliseconds(0);
  return with_edge_interval(settings);
}

constexpr const char* kOfDefaults = "that of `defaults`";

const char* usual_of(const DurationSetting& setting) {
  if (setting.member == &ProbeSettings::timeout) return "the module's, else that of `defaults`";
  if (setting.member == &ProbeSettings::edge_interval)
    return "that of `defaults`, or a third of `interval`";
  return kOfDefaults;
}

ProbeSettings read_settings(YamlFields& fields, const ProbeSettings& defaults) {
  const DurationSetting& interval_setting = kDurationSettings.front();
  Milliseconds interval = defaults.interval;
  fields.read({interval_setting.key, interval_setting.about, kOfDefaults}, interval,
              interval_setting.lowest, interval_setting.highest);
  ProbeSettings settings = settings_with(defaults, interval);
  for (const DurationSetting& setting : kDurationSettings) {
    if (applies(setting))
      fields.read({setting.key, setting.about, usual_of(setting)}, settings.*setting.member,
                  setting.lowest, setting.highest);
  }
  for (const CountSetting& setting : kCountSettings)
    fields.read({setting.key, setting.about, kOfDefaults}, settings.*setting.member, setting.lowest,
                setting.highest);
  if (settings.edge_interval > settings.interval)
    fields.fault("edge_interval",
                 "expected at most the interval, " + format_duration(settings.interval));
  return settings;
}

std::string read_text(YamlFields& fields, const YamlKey& key) {
  std::string text;
  fields.read(key, text);
  if (!is_utf8(text)) fields.fault(key.name, "expected UTF-8");
  return text;
}

// Nothing when it is missing or can't be read.
std::optional<ProbeUrl> read_url(YamlFields& fields) {
  std::optional<ProbeUrl> url;
  fields.read({"url", "As of the label `selfheal.probe`, with a host; needed"}, "a URL",
              [&](const std::string& text) -> Outcome<> {
                auto parsed = parse_target_url(text);
                if (!parsed) return parsed.error();
                url = *std::move(parsed);
                return Done{};
              });
  if (!fields.has("url"))
    fields.fault("url is missing: what to probe, such as http://HOST:PORT/PATH");
  return url;
}

ModulePtr module_of(YamlFields& fields, const ProbeUrl& url, const std::string& name,
                    const ModuleSet& modules) {
  auto module = choose_module(url, name, modules);
  if (module) return *std::move(module);
  fields.fault(name.empty() ? "url" : "module", module.error().message);
  return modules.default_for(url.kind);
}

ProbeSpec read_spec(YamlFields& fields, const DiscoverySettings& discovery) {
  ProbeSpec spec;
  spec.name = kUnnamedProbe;
  std::string module;
  fields.read({"module", "The module to probe with", "what suits the URL"}, module);
  if (auto url = read_url(fields)) {
    spec.url = *std::move(url);
    spec.module = module_of(fields, spec.url, module, discovery.modules);
  } else {
    spec.module = discovery.modules.default_for(spec.url.kind);
  }
  spec.settings = read_settings(fields, discovery.defaults);
  if (!fields.has("timeout"))
    spec.settings.timeout = timeout_with(*spec.module, discovery.defaults);
  return spec;
}

WatchedContainer read_target(YamlFields& fields, const DiscoverySettings& discovery) {
  WatchedContainer target;
  target.origin = Origin::configured;
  target.state = ContainerState::running;
  target.key.name =
      read_text(fields, {"name", "What its series carry as `target`; needed, and once only"});
  target.group = read_text(fields, {"group", "What its series carry as `group`", "the name"});
  if (target.group.empty()) target.group = target.key.name;
  fields.section({"labels", "Of its series, beside `target`, `group` and `probe`"},
                 [&](YamlFields& labels) { target.labels = read_series_labels(labels); });
  target.probes = {read_spec(fields, discovery)};
  return target;
}

void write(YAML::Emitter& out, const char* key, Milliseconds value) {
  write_yaml(out, key, format_duration(value));
}

// What the settings differ in from those of a target that says nothing but its interval.
void write_settings(YAML::Emitter& out, const ProbeSpec& spec, const DiscoverySettings& discovery) {
  ProbeSettings usual = settings_with(discovery.defaults, spec.settings.interval);
  usual.timeout = timeout_with(*spec.module, discovery.defaults);
  if (usual.interval != discovery.defaults.interval) write(out, "interval", usual.interval);
  for (const DurationSetting& setting : kDurationSettings) {
    if (spec.settings.*setting.member != usual.*setting.member)
      write(out, setting.key, spec.settings.*setting.member);
  }
  for (const CountSetting& setting : kCountSettings) {
    if (spec.settings.*setting.member != usual.*setting.member)
      out << YAML::Key << setting.key << YAML::Value << spec.settings.*setting.member;
  }
}

void write(YAML::Emitter& out, const WatchedContainer& target, const DiscoverySettings& discovery) {
  const ProbeSpec& spec = *target.probes.front();
  out << YAML::BeginMap;
  write_yaml(out, "name", target.key.name);
  write_yaml(out, "url", to_string(spec.url));
  const auto usual = choose_module(spec.url, "", discovery.modules);
  if (!usual || !(**usual == *spec.module)) write_yaml(out, "module", spec.module->name);
  if (target.group != target.key.name) write_yaml(out, "group", target.group);
  if (!target.labels.empty()) {
    out << YAML::Key << "labels" << YAML::Value << YAML::BeginMap;
    for (const auto& [name, value] : target.labels) write_yaml(out, name, value);
    out << YAML::EndMap;
  }
  write_settings(out, spec, discovery);
  out << YAML::EndMap;
}

}  // namespace

TargetList read_targets(YamlFields& root, const DiscoverySettings& discovery) {
  TargetList targets;
  std::set<std::string_view> names;
  root.list({"targets", "What is probed beside the containers; nothing of it is restarted"},
            [&](YamlFields& fields) {
              auto target =
                  std::make_shared<const WatchedContainer>(read_target(fields, discovery));
              const std::string& name = target->key.name;
              if (name.empty())
                fields.fault("name is missing: what its series carry as `target`");
              else if (!names.insert(name).second)
                fields.fault("name", "there is another target of this name");
              targets.push_back(std::move(target));
            });
  std::sort(targets.begin(), targets.end(),
            [](const auto& a, const auto& b) { return a->key < b->key; });
  return targets;
}

std::string to_yaml(const TargetList& targets, const DiscoverySettings& discovery) {
  if (targets.empty()) return "";
  YAML::Emitter out;
  out << YAML::BeginMap << YAML::Key << "targets" << YAML::Value << YAML::BeginSeq;
  for (const WatchedContainerPtr& target : targets) write(out, *target, discovery);
  out << YAML::EndSeq << YAML::EndMap;
  return std::string(out.c_str()) + "\n";
}

}  // namespace selfheal
