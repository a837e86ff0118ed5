#include "exporter/discovery/label_names.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "exporter/discovery/probe_settings.h"

namespace selfheal {
namespace {

// Of the container as a whole.
constexpr std::array<std::string_view, 13> kOfContainer{
    "enable",       "group",           "depends-on",    "action", "escalation",
    "stop-timeout", "dry-run",         "stateful",      "memory", "cooldown",
    "start-grace",  "budget-per-hour", "budget-per-day"};
// Nothing to the exporter: by which the demo, the tests and the benchmarks of this project find
// their own containers again, and what compose/simulate_failure reads.
constexpr std::array<std::string_view, 14> kMarks{
    "demo",       "test",        "test-run",      "bench",       "bench.run",
    "drill",      "drill.error", "drill.hang",    "drill.crash", "drill.oom",
    "drill.slow", "drill.undo",  "drill.network", "drill.paused"};

// Another tool's, perhaps, or a later version's.
constexpr const char* kUnknown = "there is no such label in this version, it changes nothing";

constexpr size_t kFarthest = 2;  // letters to be changed for a name to count as misspelt

// Of a probe: each also with its name behind it.
const std::vector<std::string_view>& of_probe() {
  static const std::vector<std::string_view> all = [] {
    std::vector<std::string_view> names{"probe", "module"};
    for (const auto& setting : kDurationSettings) names.push_back(setting.label);
    for (const auto& setting : kCountSettings) names.push_back(setting.label);
    return names;
  }();
  return all;
}

bool among(const auto& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// Case, and what stands between words, are the most common slips: they count as nothing.
std::string folded(std::string_view name) {
  std::string result(name);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (c == '_') c = '-';
  }
  return result;
}

// Letters to be put in, left out or replaced (Levenshtein), one row of the table at a time.
size_t distance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j < row.size(); ++j) row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = std::exchange(row[0], i);
    for (size_t j = 1; j < row.size(); ++j) {
      const size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row.back();
}

// Of the names that start with `prefix` the nearest to `name`; empty when none is near.
std::string nearest(std::string_view name, std::string_view prefix) {
  const std::string wanted = folded(name);
  std::string best;
  size_t best_distance = kFarthest + 1;
  const auto look_at = [&](std::string_view known) {
    const std::string candidate = std::string(prefix) + std::string(known);
    const size_t shorter = std::min(candidate.size(), wanted.size());
    if (std::max(candidate.size(), wanted.size()) - shorter > kFarthest) return;
    const size_t away = distance(wanted, candidate);
    if (away >= best_distance) return;
    best = candidate;
    best_distance = away;
  };
  for (const std::string_view known : of_probe()) look_at(known);
  for (const std::string_view known : kOfContainer) look_at(known);
  return best;
}

std::string suggestion(const std::string& name) {
  return "there is no such label; did you mean " + name + "?";
}

std::string fault_of_key(std::string_view key) {
  if (among(kOfContainer, key) || among(kMarks, key) || among(of_probe(), key)) return "";
  const std::string_view head = key.substr(0, key.find('.'));
  const std::string_view probe = key.substr(head.size());
  if (!probe.empty() && among(of_probe(), head)) return "";
  if (!probe.empty() && among(kOfContainer, head))
    return std::string(kLabelPrefix) + std::string(head) +
           " is said of the whole container, not of one probe";
  const std::string meant = nearest(head, "");
  if (!meant.empty())
    return suggestion(std::string(kLabelPrefix) + meant +
                      (among(of_probe(), meant) ? std::string(probe) : ""));
  return kUnknown;
}

bool is_mark(std::string_view name) {
  return name.starts_with(kLabelPrefix) && among(kMarks, name.substr(kLabelPrefix.size()));
}

}  // namespace

std::string fault_of_name(std::string_view name) {
  if (name.starts_with(kLabelPrefix)) return fault_of_key(name.substr(kLabelPrefix.size()));
  // Anybody's; but not what is as good as one of ours.
  if (name.empty() || (name.front() != 's' && name.front() != 'S')) return "";
  const std::string meant = nearest(name, kLabelPrefix);
  return meant.empty() ? "" : suggestion(meant);
}

std::string fault_of_opt_in(const Labels& labels) {
  for (const char* name : {"selfheal.enable", "monitored"}) {
    const auto said = labels.find(name);
    if (said == labels.end()) continue;
    const bool clear = said->second == "true" || said->second == "false";
    return clear || said->first == "monitored" ? "" : "selfheal.enable: expected true or false";
  }
  for (const auto& [name, value] : labels) {
    const std::string fault = fault_of_name(name);
    if (!fault.empty()) return name + ": " + fault;
  }
  const bool meant = std::any_of(labels.begin(), labels.end(), [](const auto& label) {
    return label.first.starts_with(kLabelPrefix) && !is_mark(label.first);
  });
  return meant ? "selfheal.enable=true is missing" : "";
}

}  // namespace selfheal
