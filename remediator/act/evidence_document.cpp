#include "remediator/act/evidence_document.h"

#include <algorithm>
#include <cmath>

#include <nlohmann/json.hpp>

#include "common/base/time_text.h"
#include "common/base/utf8.h"
#include "remediator/act/json_budget.h"
#include "remediator/act/secret_mask.h"

namespace selfheal {
namespace {

using Json = nlohmann::ordered_json;

// Of a name, an id or a reason.
constexpr size_t kLongestText = 200;
// Of an argument, a variable's value or a field, so that one does not hide the others.
constexpr size_t kLongestItem = 1024;
// What says that something is cut, and the like.
constexpr size_t kMargin = 64;

// The parts' shares of all bytes; what is left is the log's.
struct Shares {
  explicit Shares(size_t all)
      : command(all / 16),
        last_check(all / 16),
        environment(all / 8),
        top(all / 4),
        queries(all / 8) {}
  size_t command;
  size_t last_check;
  size_t environment;
  size_t top;
  size_t queries;
};

Json short_text(std::string_view text) {
  const std::string readable = made_utf8(text);
  return beginning_within(readable, kLongestText);
}

Json reason(const Error& error, size_t bytes = kLongestText) {
  const std::string readable = made_utf8(error.message);
  return {{"error", beginning_within(readable, bytes)}};
}

Json instant(const std::optional<WallTime>& time) {
  return time ? Json(format_rfc3339(*time)) : Json(nullptr);
}

std::string readable(const SecretMask& mask, std::string_view text) {
  return made_utf8(mask.masked(text));
}

Json readable_item(const SecretMask& mask, std::string_view text) {
  const std::string all = readable(mask, text);
  return beginning_within(all, kLongestItem);
}

Json alert_json(const Evidence& evidence) {
  if (!evidence.alert) return reason({"no alert fires any more"});
  const IncidentAlert& alert = *evidence.alert;
  return {{"alertname", short_text(alert.alertname)},
          {"fingerprint", short_text(alert.fingerprint)},
          {"starts_at", format_rfc3339(alert.starts_at)},
          {"remediation", short_text(alert.remediation)},
          {"labels",
           {{"host", short_text(evidence.host)},
            {"group", short_text(evidence.group)},
            {"container", short_text(evidence.container.name)}}}};
}

// The texts as a list, as many as fit.
Json texts_within(const std::vector<std::string>& texts, const SecretMask& mask,
                  JsonBudget& budget) {
  Json list = Json::array();
  for (const std::string& text : texts) {
    Json item = readable_item(mask, text);
    if (!budget.take(item)) break;
    list.push_back(std::move(item));
  }
  return list;
}

Json last_check_json(const ContainerDetails& container, const SecretMask& mask, size_t bytes) {
  if (!container.last_check) return nullptr;
  const HealthCheckRun& check = *container.last_check;
  std::string_view whole = check.output;
  if (check.cut) whole.remove_suffix(std::min(mask.longest(), whole.size()));  // half a secret?
  const std::string output = readable(mask, whole);
  return {{"exit_code", check.exit_code}, {"output", beginning_within(output, bytes)}};
}

void add_environment(Json& json, const SecretMask& mask, size_t bytes) {
  JsonBudget budget(bytes);
  Json variables = Json::object();
  size_t left_out = 0;
  for (const SecretMask::Variable& variable : mask.environment()) {
    const std::string name = made_utf8(variable.name);
    const std::string whole = made_utf8(variable.value);
    Json value = beginning_within(whole, kLongestItem);
    if (budget.take(value, name))
      variables[name] = std::move(value);
    else
      ++left_out;
  }
  json["environment"] = std::move(variables);
  if (left_out > 0) json["environment_left_out"] = left_out;
}

Json container_json(const ContainerDetails& container, const SecretMask& mask,
                    const Shares& shares) {
  Json json{{"id", short_text(container.id)},
            {"name", short_text(container.name)},
            {"image", short_text(container.image)},
            {"state", to_string(container.state)},
            {"exit_code", container.exit_code},
            {"oom_killed", container.oom_killed},
            {"restart_count", container.restart_count},
            {"started_at", instant(container.started_at)},
            {"finished_at", instant(container.finished_at)},
            {"health", to_string(container.health)},
            {"last_check", last_check_json(container, mask, shares.last_check)}};
  JsonBudget command(shares.command);
  json["command"] = texts_within(container.command, mask, command);
  if (json["command"].size() < container.command.size()) json["command_cut"] = true;
  add_environment(json, mask, shares.environment);
  return json;
}

Json top_json(const Result<ProcessList>& processes, const SecretMask& mask, size_t bytes) {
  if (!processes) return reason(processes.error());
  JsonBudget budget(bytes);
  Json json{{"titles", texts_within(processes->titles, mask, budget)},
            {"processes", Json::array()}};
  bool cut = json["titles"].size() < processes->titles.size();
  for (const std::vector<std::string>& process : processes->processes) {
    Json row = Json::array();
    for (const std::string& field : process) row.push_back(readable_item(mask, field));
    cut = cut || !budget.take(row);
    if (cut) break;
    json["processes"].push_back(std::move(row));
  }
  json["cut"] = cut;
  return json;
}

Json stats_json(const Result<ContainerStats>& stats) {
  if (!stats) return reason(stats.error());
  Json json = Json::object();
  if (stats->memory) {
    json["memory_bytes"] = stats->memory->used_bytes;
    json["memory_limit_bytes"] = stats->memory->limit_bytes;
  }
  if (stats->cpu_seconds) json["cpu_seconds"] = *stats->cpu_seconds;
  if (stats->cpu_percent) json["cpu_percent"] = *stats->cpu_percent;
  if (stats->tasks) json["tasks"] = *stats->tasks;
  return json;
}

// JSON has no word for these.
Json number(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  return value;
}

Json samples_json(const std::vector<PromSample>& samples, const SecretMask& mask, size_t bytes) {
  JsonBudget budget(bytes);
  Json list = Json::array();
  for (const PromSample& sample : samples) {
    Json labels = Json::object();
    for (const auto& [name, value] : sample.labels) labels[made_utf8(name)] = readable(mask, value);
    Json item{{"labels", std::move(labels)}, {"value", number(sample.value)}};
    if (!budget.take(item)) break;
    list.push_back(std::move(item));
  }
  const bool cut = list.size() < samples.size();
  return {{"samples", std::move(list)}, {"cut", cut}};
}

Json queries_json(const Evidence& evidence, const SecretMask& mask, size_t bytes) {
  Json json = Json::object();
  for (const auto& [name, samples] : evidence.queries) {
    const size_t share = bytes / evidence.queries.size();
    json[made_utf8(name)] =
        samples ? samples_json(*samples, mask, share) : reason(samples.error(), share);
  }
  return json;
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);  // a terminal's
    lines.push_back(line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

// Without so many bytes and the rest of the character that they end in.
std::string_view behind(std::string_view text, size_t bytes) {
  text.remove_prefix(std::min(bytes, text.size()));
  while (!text.empty() && utf8_character_size(text) == 0) text.remove_prefix(1);
  return text;
}

// Its last lines; the last one alone may lack its beginning.
Json log_json(const Result<LogText>& log, const SecretMask& mask, size_t bytes) {
  if (!log) return reason(log.error());
  const std::string text = readable(mask, log->text);
  std::vector<std::string_view> lines = lines_of(text);
  bool cut = log->cut;
  // Its first line begins in the middle, of a secret perhaps.
  if (cut && lines.size() > 1)
    lines.erase(lines.begin());
  else if (cut && !lines.empty())
    lines.front() = behind(lines.front(), mask.longest());
  JsonBudget budget(bytes);
  size_t first = lines.size();
  while (first > 0 && budget.take(lines[first - 1])) --first;
  Json shown = Json::array();
  if (first == lines.size() && !lines.empty()) shown.push_back(end_within(lines.back(), bytes));
  for (size_t i = first; i < lines.size(); ++i) shown.push_back(lines[i]);
  return {{"lines", std::move(shown)}, {"cut", cut || first > 0}};
}

}  // namespace

std::string evidence_json(const Evidence& evidence, const EvidenceSettings& settings) {
  const auto all = static_cast<size_t>(settings.max_bytes);
  const Shares shares(all);
  const SecretMask mask(evidence.container.environment, settings.mask);
  Json json{{"collected_at", format_rfc3339(evidence.collected_at)},
            {"took_seconds", std::chrono::duration<double>(evidence.took).count()},
            {"alert", alert_json(evidence)},
            {"container", container_json(evidence.container, mask, shares)},
            {"logs", nullptr},
            {"top", top_json(evidence.processes, mask, shares.top)},
            {"stats", stats_json(evidence.stats)},
            {"queries", queries_json(evidence, mask, shares.queries)}};
  const size_t taken = json.dump().size() + kMargin;
  json["logs"] = log_json(evidence.log, mask, taken < all ? all - taken : 0);
  return json.dump();
}

}  // namespace selfheal
