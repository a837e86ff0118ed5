#include "remediator/view/overview.h"

#include <algorithm>

#include "common/http/html_text.h"
#include "remediator/view/html_parts.h"
#include "remediator/view/timeline_rows.h"

namespace selfheal {
namespace {

constexpr const char* kTop = "";
// Cards beyond that are counted.
constexpr size_t kMostCards = 200;

std::string readiness(const Overview& overview) {
  std::string html;
  for (const std::string& reason : overview.not_ready)
    html += "<li>" + escape_html(reason) + "</li>";
  if (!html.empty())
    html = "<div class=\"status bad\"><b>✕ Not ready</b><ul>" + html + "</ul></div>\n";
  else if (overview.heard)
    html = "<p class=\"status good\"><b>✓ Ready</b>: alerts come in and can be acted on.</p>\n";
  else
    html =
        "<p class=\"status warn\"><b>Ready</b>, but the Watchdog, an alert that always fires, has "
        "not come yet: unless it does within a minute, look at Alertmanager's route and "
        "token.</p>\n";
  for (const std::string& remark : overview.remarks)
    html += "<p class=\"status warn\">" + escape_html(remark) + "</p>\n";
  if (overview.dry_run)
    html += "<p class=\"status warn\"><b>Dry run</b>: what would be done is told, not done.</p>\n";
  return html;
}

std::string who(const std::string& host, const std::string& container) {
  return "<b>" + escape_html(container) + "</b> <small>" + escape_html(host) + "</small>";
}

std::string card(const Incident& incident, const Overview& overview) {
  const PauseTarget target{PauseScope::container, incident.host, incident.container};
  std::string alerts;
  for (const IncidentAlert& alert : incident.alerts)
    if (alert.firing) alerts += (alerts.empty() ? "" : ", ") + escape_html(alert.alertname);
  return "<article class=\"card\"><h3>" + incident_link(incident.id, kTop) + " " +
         who(incident.host, incident.container) + " " + badge(to_string(incident.state)) +
         "</h3><p><b>" + escape_html(incident.reason) + "</b> " + escape_html(incident.detail) +
         "</p><p class=\"dim\">Open for " + html_time(incident.opened_at, overview.now) + ", " +
         std::to_string(incident.attempts_used()) + " of " + std::to_string(overview.max_attempts) +
         " attempts used" + (alerts.empty() ? "" : ", " + alerts) + "</p><p>" +
         post_button("Pause for 1 h", "api/v1/pause", pause_body(target, "1h")) +
         "</p></article>\n";
}

std::string open_incidents(const Overview& overview) {
  const size_t count = overview.open.size();
  std::string html = "<h2>Open incidents <small>" + std::to_string(count) + "</small></h2>\n";
  if (count == 0)
    return html +
           "<p class=\"note\">None. What a rule holds back has no incident: ask Prometheus for "
           "<code>selfheal:hold</code>.</p>\n";
  html += "<div class=\"cards\">";
  for (size_t i = 0; i < std::min(count, kMostCards); ++i) html += card(overview.open[i], overview);
  html += "</div>\n";
  if (count > kMostCards)
    html += "<p class=\"dim\">" + std::to_string(count - kMostCards) +
            " more: see <a href=\"api/v1/incidents?state=open\">all as JSON</a>.</p>\n";
  return html;
}

std::string breakers(const Overview& overview) {
  if (overview.open_breakers.empty()) return "";
  std::string html = "<h2>Open breakers</h2>\n<ul class=\"list\">";
  for (const AttemptCount& count : overview.open_breakers)
    html += "<li>" + who(count.host, count.container) + " <span>" +
            std::to_string(count.attempts_used) + " of " + std::to_string(overview.max_attempts) +
            " attempts used, " + std::to_string(count.attempts_within_hour) +
            " within an hour</span> " +
            post_button("Reset", reset_path(count.host, count.container), "{}") + "</li>\n";
  return html + "</ul>\n";
}

std::string pauses(const Overview& overview) {
  if (overview.pauses.empty()) return "";
  std::string html = "<h2>Paused</h2>\n<ul class=\"list\">";
  for (const Pause& pause : overview.pauses)
    html +=
        "<li><b>" + escape_html(to_text(pause.target)) + "</b> <span>" +
        escape_html(pause.reason.empty() ? "no reason given" : pause.reason) + "</span> <span>" +
        (pause.ends_at ? "ends in " + html_time(*pause.ends_at, overview.now)
                       : "until it is resumed, since " + html_time(pause.began_at, overview.now)) +
        "</span> " + post_button("Resume", "api/v1/resume", resume_body(pause.target)) + "</li>\n";
  return html + "</ul>\n";
}

}  // namespace

std::string render(const Overview& overview) {
  std::string html = readiness(overview) + pauses(overview) + breakers(overview) +
                     open_incidents(overview) + "<h2>The last day</h2>\n" +
                     render_timeline(overview.tracks, overview.now, kTop);
  if (overview.cut)
    html +=
        "<p class=\"dim\">There were more: see <a href=\"api/v1/incidents?limit=1000\">all as "
        "JSON</a>.</p>\n";
  return html;
}

}  // namespace selfheal
