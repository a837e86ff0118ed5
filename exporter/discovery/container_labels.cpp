#include "exporter/discovery/container_labels.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "common/base/ascii_text.h"
#include "common/base/time_text.h"
#include "common/docker/container_group.h"
#include "common/docker/healing_step.h"
#include "common/docker/limit_labels.h"
#include "common/docker/opt_in.h"
#include "common/docker/swarm_task.h"
#include "exporter/discovery/label_names.h"
#include "exporter/discovery/probe_settings.h"
#include "exporter/discovery/probe_url.h"

namespace selfheal {
namespace {

constexpr std::string_view kProbePrefix = "selfheal.probe.";
// Of one container: others have to be probed too, and each makes some forty series.
constexpr size_t kMostProbes = 16;

std::string find(const Labels& labels, const std::string& label) {
  const auto at = labels.find(label);
  return at == labels.end() ? "" : at->second;
}

std::vector<std::string> split_list(std::string_view text) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const size_t comma = text.find(',');
    const std::string_view part = trimmed(text.substr(0, comma));
    if (!part.empty()) parts.emplace_back(part);
    if (comma == std::string_view::npos) break;
    text.remove_prefix(comma + 1);
  }
  return parts;
}

// The name becomes a metric label and part of other labels' names.
bool usable_name(std::string_view name) {
  return !name.empty() && name != kUnnamedProbe &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '_' || c == '-';
         });
}

class LabelReader {
 public:
  LabelReader(const Labels& labels, const std::string& name, const ProbeSettings& defaults)
      : labels_(labels), name_(name), defaults_(defaults) {}

  ContainerLabels read() {
    read_probes();
    for (auto& [name, wish] : found_.probes) read_settings(name, wish);
    report_settings_without_probe();
    report_unknown();
    read_action();
    check_escalation();
    check_switches();
    found_.enabled = opted_in(labels_);
    found_.wants_memory = find(labels_, "selfheal.memory") == "true";
    read_dependencies();
    read_group();
    found_.compose_project = find(labels_, "com.docker.compose.project");
    found_.compose_service = find(labels_, "com.docker.compose.service");
    return std::move(found_);
  }

 private:
  void fault(const std::string& label, const std::string& what) {
    found_.errors.push_back({label, labels_.at(label), what});
  }

  void read_probes() {
    const auto unnamed = labels_.find("selfheal.probe");
    if (unnamed == labels_.end()) {
      found_.probes[kUnnamedProbe] = {};
    } else if (unnamed->second != "none") {
      // An unreadable one keeps the default, which is what suits the container.
      found_.probes[kUnnamedProbe].url = read_url(unnamed->first);
    }
    for (auto at = labels_.lower_bound(std::string(kProbePrefix));
         at != labels_.end() && at->first.starts_with(kProbePrefix); ++at) {
      const std::string name = at->first.substr(kProbePrefix.size());
      if (!usable_name(name)) {
        fault(at->first, "a probe's name has letters, digits, _ and -, and is not \"default\"");
      } else if (at->second != "none" && found_.probes.size() >= kMostProbes) {
        fault(at->first, "a container has at most " + std::to_string(kMostProbes) +
                             " probes; the one without a name is one unless it is \"none\"");
      } else if (at->second != "none") {
        if (const auto url = read_url(at->first)) found_.probes[name].url = url;
      }
    }
  }

  void read_group() {
    found_.group = group_of(labels_, name_);
    if (find(labels_, "selfheal.group").size() > kLongestGroup)
      fault("selfheal.group",
            "a group's name has at most " + std::to_string(kLongestGroup) + " bytes");
  }

  std::optional<ProbeUrl> read_url(const std::string& label) {
    const auto url = parse_probe_url(trimmed(labels_.at(label)));
    if (url) return *url;
    fault(label, url.error().message);
    return std::nullopt;
  }

  // selfheal.interval holds for all probes of the container, selfheal.interval.NAME for one.
  void read_settings(const std::string& name, ProbeWish& wish) {
    wish.settings = defaults_;
    const bool named = name != kUnnamedProbe;
    for (const auto& setting : kDurationSettings) {
      read_setting(setting, setting.label, "", wish);
      if (named) read_setting(setting, setting.label, "." + name, wish);
    }
    for (const auto& setting : kCountSettings) {
      read_setting(setting, setting.label, "", wish);
      if (named) read_setting(setting, setting.label, "." + name, wish);
    }
    check_edge_interval(named ? "." + name : "", wish.settings);
    wish.settings = with_edge_interval(wish.settings);
    wish.own_timeout = labels_.contains("selfheal.timeout") ||
                       (named && labels_.contains("selfheal.timeout." + name));
    wish.module = find(labels_, named ? "selfheal.module." + name : "selfheal.module");
  }

  template <class Setting>
  void read_setting(const Setting& setting, const std::string& key, const std::string& suffix,
                    ProbeWish& wish) {
    const std::string label = "selfheal." + key + suffix;
    const auto at = labels_.find(label);
    if (at == labels_.end()) return;
    const auto value = parse_setting(setting, trimmed(at->second));
    if (value) {
      wish.settings.*setting.member = *value;
    } else if (!reported(label)) {
      fault(label, value.error().message);
    }
  }

  void check_edge_interval(const std::string& suffix, ProbeSettings& settings) {
    if (settings.edge_interval <= settings.interval) return;
    for (const std::string& label :
         {"selfheal.edge-interval" + suffix, std::string("selfheal.edge-interval")}) {
      if (!labels_.contains(label)) continue;
      if (!reported(label)) fault(label, "it is longer than the interval, which is used instead");
      return;
    }
    // It came from the defaults, made for a longer interval: take this interval's third.
    settings.edge_interval = Milliseconds(0);
  }

  // The unnamed labels are read once for each probe.
  bool reported(const std::string& label) const {
    return std::any_of(found_.errors.begin(), found_.errors.end(),
                       [&](const LabelError& error) { return error.label == label; });
  }

  void report_settings_without_probe() {
    const auto report = [&](const char* key) {
      const std::string prefix = "selfheal." + std::string(key) + ".";
      for (auto at = labels_.lower_bound(prefix);
           at != labels_.end() && at->first.starts_with(prefix); ++at) {
        const std::string name = at->first.substr(prefix.size());
        if (name != kUnnamedProbe && found_.probes.contains(name)) continue;
        if (labels_.contains(std::string(kProbePrefix) + name)) continue;  // reported or none
        fault(at->first, "there is no label selfheal.probe." + name);
      }
    };
    for (const auto& setting : kDurationSettings) report(setting.label);
    for (const auto& setting : kCountSettings) report(setting.label);
    report("module");
  }

  void report_unknown() {
    for (const auto& [label, value] : labels_) {
      const std::string what = fault_of_name(label);
      if (!what.empty()) fault(label, what);
    }
  }

  void read_action() {
    const auto at = labels_.find("selfheal.action");
    if (at == labels_.end() || at->second.empty()) return;
    if (at->second == "none") {
      found_.action = at->second;
      return;
    }
    const auto step = parse_step(at->second);
    if (!step) return fault("selfheal.action", step.error().message + ", or none");
    found_.action = to_string(step->action);
  }

  void check_escalation() {
    const std::string steps = find(labels_, "selfheal.escalation");
    if (steps.empty()) return;
    if (const auto read = parse_steps(steps); !read)
      fault("selfheal.escalation", read.error().message);
  }

  // Most are read by the remediator alone, but told here, where every fault of a label is counted.
  void check_switches() {
    for (const char* label : {"selfheal.dry-run", "selfheal.stateful", "selfheal.memory"}) {
      const std::string value = find(labels_, label);
      if (!value.empty() && value != "true" && value != "false")
        fault(label, "expected true or false");
    }
    const std::string seconds = find(labels_, "selfheal.stop-timeout");
    const bool number =
        std::all_of(seconds.begin(), seconds.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (!number && !parse_duration(seconds))
      fault("selfheal.stop-timeout", "expected seconds, such as 30");
    check_guards();
  }

  void check_guards() {
    for (const std::string_view label : kLimitLabels)
      if (const std::string what = fault_of_limit(labels_, label); !what.empty())
        fault(std::string(label), what);
  }

  void read_dependencies() {
    const auto own = labels_.find("selfheal.depends-on");
    if (own != labels_.end()) {
      found_.depends_on = split_list(own->second);
      return;
    }
    // Compose writes service:condition:restart,…
    const std::string project = find(labels_, "com.docker.compose.project");
    if (project.empty()) return;
    for (const auto& entry : split_list(find(labels_, "com.docker.compose.depends_on")))
      found_.depends_on.push_back(project + "/" + entry.substr(0, entry.find(':')));
  }

  const Labels& labels_;
  const std::string& name_;
  const ProbeSettings& defaults_;
  ContainerLabels found_;
};

}  // namespace

ContainerLabels read_container_labels(const Labels& labels, const std::string& container_name,
                                      const ProbeSettings& defaults) {
  return LabelReader(labels, container_name, defaults).read();
}

std::string fault_of_label(const std::string& label, const std::string& value) {
  Labels labels{{label, value}};
  // What it needs beside it is taken for granted: its probe, and an interval longer than any other.
  const size_t key_end = label.find('.', kLabelPrefix.size());
  if (label.starts_with(kLabelPrefix) && key_end != std::string::npos)
    labels.emplace(std::string(kProbePrefix) + label.substr(key_end + 1), "docker:");
  ProbeSettings longest;
  longest.interval = kDurationSettings.front().highest;
  for (const LabelError& error : read_container_labels(labels, "", longest).errors) {
    if (error.label == label) return error.what;
  }
  return "";
}

}  // namespace selfheal
