#include "exporter/discovery/label_overrides.h"

#include <algorithm>
#include <array>
#include <string_view>

#include <yaml-cpp/emitter.h>
#include <yaml-cpp/emittermanip.h>

#include "common/base/yaml_text.h"
#include "common/docker/container_group.h"
#include "exporter/discovery/container_labels.h"
#include "exporter/discovery/label_names.h"

namespace selfheal {
namespace {

constexpr const char* kEnable = "selfheal.enable";
constexpr std::array<std::string_view, 9> kOfRemediator{
    "selfheal.action",      "selfheal.escalation",      "selfheal.stop-timeout",
    "selfheal.dry-run",     "selfheal.stateful",        "selfheal.cooldown",
    "selfheal.start-grace", "selfheal.budget-per-hour", "selfheal.budget-per-day"};

std::string fault_of_override(const std::string& label, const std::string& value) {
  if (label == "monitored") return std::string("expected ") + kEnable + " instead";
  if (!label.starts_with(kLabelPrefix)) return "expected a label such as selfheal.interval";
  // Nobody is watched without having asked for it.
  if (label == kEnable && value != "false")
    return "expected false: a container opts in by its own label alone";
  return fault_of_label(label, value);
}

void read_labels(YamlFields& fields, Labels& labels, std::vector<std::string>& warnings) {
  for (const std::string& label : fields.keys()) {
    std::string value;
    fields.read(
        {label, "A label such as `selfheal.interval`, but `selfheal.enable` only as `false`"},
        value);
    const std::string fault = fault_of_override(label, value);
    if (!fault.empty()) fields.fault(label, fault);
    if (std::find(kOfRemediator.begin(), kOfRemediator.end(), label) != kOfRemediator.end())
      warnings.push_back("overrides: " + label +
                         ": the remediator reads it from the container itself, so this changes "
                         "only what the exporter shows");
    labels[label] = std::move(value);
  }
}

LabelOverride read_override(YamlFields& fields, std::vector<std::string>& warnings) {
  LabelOverride entry;
  fields.read({"container", "Only for the container of this name", "any"}, entry.container);
  fields.read({"group", "Only for containers of this group; one of both is needed", "any"},
              entry.group);
  if (entry.container.empty() && entry.group.empty())
    fields.fault("expected container, group or both");
  fields.section({"labels", "What is put over the container's own"},
                 [&](YamlFields& labels) { read_labels(labels, entry.labels, warnings); });
  if (!fields.has("labels")) fields.fault("labels is missing: what to put over the container's");
  return entry;
}

void write(YAML::Emitter& out, const LabelOverride& entry) {
  out << YAML::BeginMap;
  if (!entry.container.empty()) write_yaml(out, "container", entry.container);
  if (!entry.group.empty()) write_yaml(out, "group", entry.group);
  out << YAML::Key << "labels" << YAML::Value << YAML::BeginMap;
  for (const auto& [label, value] : entry.labels) write_yaml(out, label, value);
  out << YAML::EndMap << YAML::EndMap;
}

}  // namespace

Labels overridden(Labels labels, const std::string& container_name,
                  const std::vector<LabelOverride>& overrides) {
  for (const LabelOverride& entry : overrides) {
    if (!entry.container.empty() && entry.container != container_name) continue;
    if (!entry.group.empty() && entry.group != group_of(labels, container_name)) continue;
    for (const auto& [label, value] : entry.labels) labels[label] = value;
  }
  return labels;
}

std::vector<LabelOverride> read_overrides(YamlFields& root, std::vector<std::string>& warnings) {
  std::vector<LabelOverride> overrides;
  root.list({"overrides", "Other values for labels of containers; later ones over earlier ones"},
            [&](YamlFields& fields) { overrides.push_back(read_override(fields, warnings)); });
  return overrides;
}

std::string to_yaml(const std::vector<LabelOverride>& overrides) {
  if (overrides.empty()) return "";
  YAML::Emitter out;
  out << YAML::BeginMap << YAML::Key << "overrides" << YAML::Value << YAML::BeginSeq;
  for (const LabelOverride& entry : overrides) write(out, entry);
  out << YAML::EndSeq << YAML::EndMap;
  return std::string(out.c_str()) + "\n";
}

}  // namespace selfheal
