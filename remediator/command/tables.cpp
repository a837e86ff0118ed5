#include "remediator/command/tables.h"

#include <algorithm>
#include <vector>

namespace selfheal {
namespace {

using Json = nlohmann::json;
using Row = std::vector<std::string>;

std::string printable(std::string text) {
  for (char& c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
  return text;
}

std::string text_of(const Json& json, const char* key) {
  const auto found = json.find(key);
  if (found == json.end() || found->is_null()) return "";
  return printable(found->is_string() ? found->get<std::string>() : found->dump());
}

// 2026-01-31T12:00:00.123Z to 2026-01-31 12:00:00
std::string short_time(const std::string& instant) {
  if (instant.size() < 19) return instant;
  return instant.substr(0, 10) + " " + instant.substr(11, 8);
}

std::string aligned(const std::vector<Row>& rows) {
  std::vector<size_t> widths;
  for (const Row& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::string text;
  for (const Row& row : rows) {
    std::string line;
    for (size_t i = 0; i < row.size(); ++i)
      line += row[i] + std::string(i + 1 < row.size() ? widths[i] - row[i].size() + 2 : 0, ' ');
    text += line.erase(line.find_last_not_of(' ') + 1) + "\n";
  }
  return text;
}

std::string with_detail(const std::string& what, const std::string& detail) {
  return detail.empty() ? what : what + ": " + detail;
}

// (when, what) of everything that is told of the incident.
using Story = std::vector<std::pair<std::string, std::string>>;

void add(Story& story, const Json& object, const char* when, const std::string& what) {
  if (const std::string at = text_of(object, when); !at.empty()) story.emplace_back(at, what);
}

void tell_attempt(Story& story, const Json& attempt) {
  const std::string which = "attempt " + text_of(attempt, "number");
  add(story, attempt, "requested_at", which + ": " + text_of(attempt, "action") + " asked for");
  add(story, attempt, "acted_at", which + ": done by Docker");
  add(story, attempt, "seen_healthy_at", which + ": healthy for the first time");
  add(story, attempt, "ended_at",
      which + ": " + with_detail(text_of(attempt, "result"), text_of(attempt, "detail")));
}

}  // namespace

std::string incidents_table(const Json& answer) {
  std::vector<Row> rows{{"ID", "OPENED (UTC)", "CONTAINER", "STATE", "ATTEMPTS", "WHY"}};
  for (const Json& incident : answer.value("incidents", Json::array())) {
    const std::string outcome = text_of(incident, "outcome");
    rows.push_back({text_of(incident, "id"), short_time(text_of(incident, "opened_at")),
                    text_of(incident, "host") + "/" + text_of(incident, "container"),
                    outcome.empty() ? text_of(incident, "state") : outcome,
                    text_of(incident, "attempts"),
                    with_detail(text_of(incident, "reason"), text_of(incident, "detail"))});
  }
  if (rows.size() == 1) return "no incidents\n";
  return aligned(rows);
}

std::string incident_story(const Json& incident) {
  Story story;
  for (const Json& alert : incident.value("alerts", Json::array())) {
    add(story, alert, "starts_at", text_of(alert, "alertname") + " began");
    add(story, alert, "received_at", text_of(alert, "alertname") + " received");
  }
  for (const Json& decision : incident.value("decisions", Json::array()))
    add(story, decision, "decided_at",
        text_of(decision, "verdict") + ": " +
            with_detail(text_of(decision, "reason"), text_of(decision, "detail")));
  for (const Json& attempt : incident.value("attempts", Json::array()))
    tell_attempt(story, attempt);
  for (const Json& outcome : incident.value("outcomes", Json::array()))
    add(story, outcome, "told_at", "people were told: " + text_of(outcome, "description"));
  add(story, incident, "closed_at", "closed: " + text_of(incident, "outcome"));
  std::stable_sort(story.begin(), story.end(),
                   [](const auto& one, const auto& other) { return one.first < other.first; });
  std::vector<Row> rows;
  for (const auto& [when, what] : story) rows.push_back({when, what});
  return "incident " + text_of(incident, "id") + ": " + text_of(incident, "host") + "/" +
         text_of(incident, "container") + ", group " + text_of(incident, "group") + ", " +
         text_of(incident, "state") + "\n" + aligned(rows);
}

}  // namespace selfheal
