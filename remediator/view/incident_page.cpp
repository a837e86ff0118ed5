#include "remediator/view/incident_page.h"

#include "common/docker/container_id.h"
#include "common/http/html_text.h"
#include "remediator/view/evidence_html.h"
#include "remediator/view/html_parts.h"
#include "remediator/view/timeline_rows.h"
#include "remediator/view/timeline_svg.h"

namespace selfheal {
namespace {

constexpr const char* kTop = "../";

std::string cell(const std::string& content, const char* name = "") {
  return "<td class=\"" + std::string(name) + "\">" + content + "</td>";
}

// A table whose head is `titles`, or that there is none.
std::string table(const std::vector<const char*>& titles, const std::string& rows,
                  const char* none) {
  if (rows.empty()) return "<p class=\"dim\">" + std::string(none) + "</p>\n";
  std::string html = "<div class=\"table\"><table><thead><tr>";
  for (const char* title : titles) html += "<th>" + std::string(title) + "</th>";
  return html + "</tr></thead><tbody>\n" + rows + "</tbody></table></div>\n";
}

std::string summary(const Incident& incident) {
  const bool open = incident.state != IncidentState::closed;
  return "<h2>Incident #" + std::to_string(incident.id) + ": " + escape_html(incident.container) +
         " " + badge(open ? to_string(incident.state) : to_string(incident.outcome)) +
         "</h2>\n<dl class=\"facts\"><dt>Host</dt><dd>" + escape_html(incident.host) +
         "</dd><dt>Group</dt><dd>" + escape_html(incident.group) + "</dd><dt>Opened</dt><dd>" +
         exact_time(incident.opened_at) + "</dd><dt>Closed</dt><dd>" +
         exact_time(incident.closed_at) + "</dd><dt>" + (open ? "Reason" : "Ended as") +
         "</dt><dd><b>" + escape_html(incident.reason) + "</b> " + escape_html(incident.detail) +
         (incident.owes ? "</dd><dt>Owes</dt><dd>what it may have left in Docker is looked after"
                        : "") +
         "</dd></dl>\n";
}

std::string buttons(const Incident& incident) {
  const PauseTarget target{PauseScope::container, incident.host, incident.container};
  return "<p>" +
         post_button("Pause this container for 1 h", "api/v1/pause", pause_body(target, "1h")) +
         " " + post_button("Resume it", "api/v1/resume", resume_body(target)) + " " +
         post_button("Reset its attempts", reset_path(incident.host, incident.container), "{}") +
         "</p>\n";
}

std::string alerts(const Incident& incident) {
  std::string rows;
  for (const IncidentAlert& alert : incident.alerts)
    rows += "<tr>" + cell("<b>" + escape_html(alert.alertname) + "</b>", "what") +
            cell(alert.firing ? "firing" : "resolved") + cell(escape_html(alert.remediation)) +
            cell(exact_time(alert.starts_at), "time") +
            cell(exact_time(alert.first_received_at), "time") +
            cell(exact_time(alert.last_received_at), "time") + "</tr>\n";
  return "<h3>Alerts</h3>\n" +
         table({"Alert", "State", "Asks for", "Began", "Received", "Last received"}, rows, "None.");
}

std::string decisions(const std::vector<DecisionRow>& all) {
  std::string rows;
  for (const DecisionRow& decision : all)
    rows += "<tr>" + cell(exact_time(decision.decided_at), "time") +
            cell(escape_html(decision.verdict)) +
            cell("<b>" + escape_html(decision.reason) + "</b>") +
            cell(escape_html(decision.detail), "what") + "</tr>\n";
  return "<h3>Decisions</h3>\n" +
         table({"When", "Verdict", "Reason", "Why"}, rows, "It was not judged yet.");
}

std::string attempt(const Attempt& attempt, const std::vector<EvidenceRow>& evidence) {
  const std::string number = std::to_string(attempt.number);
  std::string html =
      "<section class=\"card\" data-key=\"attempt " + number + "\"><h4>" + number + ". " +
      escape_html(attempt.action) + " " +
      (attempt.result == AttemptResult::none ? badge(attempt.acted_at ? "verifying" : "acting")
                                             : badge(to_string(attempt.result))) +
      "</h4><dl class=\"facts\"><dt>Container</dt><dd><code>" +
      escape_html(short_id(attempt.container_id)) + "</code></dd><dt>Requested</dt><dd>" +
      exact_time(attempt.requested_at) + "</dd><dt>Done by Docker</dt><dd>" +
      exact_time(attempt.acted_at) + "</dd><dt>Seen healthy</dt><dd>" +
      exact_time(attempt.seen_healthy_at) + "</dd><dt>Ended</dt><dd>" +
      exact_time(attempt.ended_at) + "</dd></dl>";
  if (!attempt.detail.empty()) html += "<p>" + escape_html(attempt.detail) + "</p>";
  for (const EvidenceRow& row : evidence)
    if (row.attempt == attempt.number) html += evidence_html(row.content);
  return html + "</section>\n";
}

std::string attempts(const IncidentStory& story) {
  std::string html = "<h3>Attempts</h3>\n";
  if (story.incident.attempts.empty()) return html + "<p class=\"dim\">None was made.</p>\n";
  for (const Attempt& one : story.incident.attempts) html += attempt(one, story.evidence);
  return html;
}

std::string told(const OutcomeRow& outcome) {
  if (outcome.told_at) return exact_time(outcome.told_at);
  return outcome.given_up_at ? "nobody was there to be told" : "not yet";
}

std::string outcomes(const std::vector<OutcomeRow>& all) {
  std::string rows;
  for (const OutcomeRow& outcome : all)
    rows += "<tr>" + cell(exact_time(outcome.message.happened_at), "time") +
            cell("<b>" + std::string(to_string(outcome.message.kind)) + "</b>") +
            cell(escape_html(outcome.message.description), "what") + cell(told(outcome), "time") +
            "</tr>\n";
  return "<h3>What people were told</h3>\n" +
         table({"When", "Outcome", "Message", "Told"}, rows, "Nothing.");
}

}  // namespace

std::string render(const IncidentStory& story, WallTime now) {
  return "<p><a href=\"../\">← All incidents</a></p>\n" + summary(story.incident) +
         buttons(story.incident) + timeline_legend() +
         render_track(track_of(story.incident, story.decisions, now), now, kTop) +
         alerts(story.incident) + decisions(story.decisions) + attempts(story) +
         outcomes(story.outcomes) + "<p><a href=\"../api/v1/incidents/" +
         std::to_string(story.incident.id) + "\">As JSON</a></p>\n";
}

}  // namespace selfheal
