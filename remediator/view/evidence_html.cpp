#include "remediator/view/evidence_html.h"

#include <nlohmann/json.hpp>

#include "common/http/html_text.h"

namespace selfheal {
namespace {

using Json = nlohmann::ordered_json;

const Json kNothing;

const Json& part(const Json& json, const char* name) {
  if (!json.is_object()) return kNothing;
  const auto found = json.find(name);
  return found == json.end() ? kNothing : *found;
}

// A text as it is, anything else as JSON.
std::string text_of(const Json& json) {
  if (json.is_null()) return "–";
  if (json.is_string()) return escape_html(json.get_ref<const std::string&>());
  return escape_html(json.dump(-1, ' ', false, Json::error_handler_t::replace));
}

std::string bytes_text(const Json& json) {
  if (!json.is_number()) return text_of(json);
  return std::to_string(json.get<uint64_t>() >> 20) + " MiB";
}

std::string section(const std::string& key, const std::string& title, const std::string& content) {
  return "<details data-key=\"" + escape_html(key) + "\"><summary>" + title + "</summary>" +
         content + "</details>\n";
}

std::string failure(const Json& json) {
  const Json& error = part(json, "error");
  return error.is_null() ? "" : "<p class=\"dim\">could not be had: " + text_of(error) + "</p>";
}

// What is there, but not for who asks (read_access.h).
std::string hidden(const Json& json) {
  const Json& why = part(json, "hidden");
  return why.is_null() ? "" : "<p class=\"dim\">" + text_of(why) + "</p>";
}

std::string pair(const std::string& name, const std::string& value) {
  return "<dt>" + name + "</dt><dd>" + value + "</dd>";
}

std::string container_html(const Json& json) {
  std::string html = "<dl>";
  for (const char* name : {"state", "health", "exit_code", "oom_killed", "restart_count",
                           "started_at", "finished_at", "image", "id"})
    if (json.contains(name)) html += pair(name, text_of(json[name]));
  const Json& check = part(json, "last_check");
  if (check.is_object())
    html += pair("last check", "exit code " + text_of(part(check, "exit_code")) + "<pre>" +
                                   text_of(part(check, "output")) + "</pre>");
  const Json& command = part(json, "command");
  if (command.is_array()) {
    std::string words;
    for (const Json& word : command) words += (words.empty() ? "" : " ") + text_of(word);
    html += pair("command", "<code>" + words + "</code>");
  }
  const Json& environment = part(json, "environment");
  if (environment.is_object() && !environment.empty()) {
    std::string lines;
    for (const auto& [name, value] : environment.items())
      lines += escape_html(name) + "=" + text_of(value) + "\n";
    html += pair("environment", "<pre>" + lines + "</pre>");
  }
  return html + "</dl>";
}

std::string log_html(const Json& json) {
  std::string lines;
  const Json& all = part(json, "lines");
  if (all.is_array())
    for (const Json& line : all) lines += text_of(line) + "\n";
  if (lines.empty()) return failure(json).empty() ? "<p class=\"dim\">empty</p>" : failure(json);
  return (part(json, "cut") == true ? "<p class=\"dim\">Its last lines:</p>" : "") +
         ("<pre>" + lines + "</pre>");
}

std::string table_row(const Json& cells, const char* kind) {
  std::string html = "<tr>";
  if (cells.is_array())
    for (const Json& cell : cells)
      html += "<" + std::string(kind) + ">" + text_of(cell) + "</" + kind + ">";
  return html + "</tr>\n";
}

std::string processes_html(const Json& json) {
  const Json& processes = part(json, "processes");
  if (!processes.is_array()) return failure(json);
  std::string rows;
  for (const Json& process : processes) rows += table_row(process, "td");
  return "<div class=\"table\"><table><thead>" + table_row(part(json, "titles"), "th") +
         "</thead><tbody>" + rows + "</tbody></table></div>";
}

std::string stats_html(const Json& json) {
  if (!failure(json).empty() || !json.is_object()) return failure(json);
  std::string html = "<dl>";
  for (const auto& [name, value] : json.items())
    html += pair(escape_html(name), name.ends_with("_bytes") ? bytes_text(value) : text_of(value));
  return html + "</dl>";
}

std::string query_html(const std::string& name, const Json& answer) {
  std::string rows;
  const Json& samples = part(answer, "samples");
  if (samples.is_array())
    for (const Json& sample : samples)
      rows += "<tr><td><code>" + text_of(part(sample, "labels")) + "</code></td><td>" +
              text_of(part(sample, "value")) + "</td></tr>\n";
  const std::string none = failure(answer).empty() ? "no sample" : failure(answer);
  return "<h5>" + escape_html(name) + "</h5>" +
         (rows.empty() ? none : "<div class=\"table\"><table>" + rows + "</table></div>");
}

}  // namespace

std::string evidence_html(const std::string& content) {
  const Json json = Json::parse(content, nullptr, false);
  if (!json.is_object()) return "";
  if (!hidden(json).empty()) return hidden(json);
  std::string html =
      "<p class=\"dim\">Seen before it, at " + text_of(part(json, "collected_at")) + ":</p>\n";
  if (const Json& container = part(json, "container"); container.is_object())
    html += section("container", "Container", container_html(container));
  html += section("logs", "Log", log_html(part(json, "logs")));
  html += section("top", "Processes", processes_html(part(json, "top")));
  html += section("stats", "Memory and CPU", stats_html(part(json, "stats")));
  if (const Json& queries = part(json, "queries"); queries.is_object() && !queries.empty()) {
    std::string answers;
    for (const auto& [name, answer] : queries.items()) answers += query_html(name, answer);
    html += section("queries", "Queries", answers);
  }
  return html;
}

}  // namespace selfheal
