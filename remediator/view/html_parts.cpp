#include "remediator/view/html_parts.h"

#include <array>

#include <nlohmann/json.hpp>

#include "common/base/time_text.h"
#include "common/http/html_text.h"

namespace selfheal {
namespace {

struct Sign {
  std::string_view name;
  const char* sign;
  const char* mood;  // a class of page_style.h
};
constexpr std::array<Sign, 9> kSigns{{{"recovered", "✓", "good"},
                                      {"stopped", "■", "warn"},
                                      {"verified", "✓", "good"},
                                      {"withdrawn", "○", "calm"},
                                      {"expired", "✕", "bad"},
                                      {"waiting", "…", "warn"},
                                      {"acting", "▶", "warn"},
                                      {"verifying", "▷", "warn"},
                                      {"open", "▶", "warn"}}};

nlohmann::json target_json(const PauseTarget& target) {
  nlohmann::json json{{"scope", to_string(target.scope)}};
  if (!target.host.empty()) json["host"] = target.host;
  if (!target.name.empty()) json["name"] = target.name;
  return json;
}

std::string dump(const nlohmann::json& json) {
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

std::string badge(std::string_view name) {
  Sign sign{name, "✕", "bad"};  // of an attempt: every other end is a failure
  for (const Sign& known : kSigns)
    if (known.name == name) sign = known;
  return "<span class=\"badge " + std::string(sign.mood) + "\"><b aria-hidden=\"true\">" +
         sign.sign + "</b> " + escape_html(name) + "</span>";
}

std::string incident_link(int64_t id, const std::string& top) {
  const std::string number = std::to_string(id);
  return "<a href=\"" + top + "incidents/" + number + "\">#" + number + "</a>";
}

std::string exact_time(const std::optional<WallTime>& time) {
  if (!time) return "–";
  const std::string exact = format_rfc3339(*time);
  std::string shown = exact.substr(0, exact.size() - 1);
  shown[shown.find('T')] = ' ';
  return "<time datetime=\"" + exact + "\" title=\"UTC\">" + shown + "</time>";
}

std::string post_button(const std::string& label, const std::string& path,
                        const std::string& body) {
  return "<span class=\"say\" hidden><button type=\"button\" data-post=\"" + escape_html(path) +
         "\" data-body=\"" + escape_html(body) + "\">" + escape_html(label) +
         "</button><output></output></span>";
}

std::string pause_body(const PauseTarget& target, const std::string& length) {
  nlohmann::json json = target_json(target);
  json["for"] = length;
  json["reason"] = "by the page";
  return dump(json);
}

std::string resume_body(const PauseTarget& target) {
  return dump(target_json(target));
}

std::string reset_path(const std::string& host, const std::string& container) {
  return "api/v1/containers/" + encode_query(host) + "/" + encode_query(container) + "/reset";
}

}  // namespace selfheal
