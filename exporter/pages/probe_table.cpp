#include "exporter/pages/probe_table.h"

#include "common/http/html_text.h"

namespace selfheal {
namespace {

constexpr const char* kForm =
    "<form action=\"/probe\">"
    "<input name=\"target\" placeholder=\"target, as in http://example.org\" size=\"36\" required "
    "aria-label=\"target\">"
    "<input name=\"module\" placeholder=\"module (http_2xx)\" size=\"16\" aria-label=\"module\">"
    "<input type=\"hidden\" name=\"debug\" value=\"true\"><button>Probe now</button></form>\n";

std::string result_of(const ProbeResult& result) {
  if (result.outcome == ProbeOutcome::passed) return "<span class=\"state passed\">passed</span>";
  if (result.outcome == ProbeOutcome::inconclusive)
    return "<span class=\"state\">inconclusive</span>";
  return "<span class=\"state failed\">" + escape_html(to_string(result.reason)) + "</span>";
}

std::string detail_of(const ProbeResult& result) {
  if (result.outcome == ProbeOutcome::passed)
    return result.http_status == 0 ? "" : "HTTP " + std::to_string(result.http_status);
  return escape_html(result.detail);
}

std::string row_of(const RecentProbe& probe, WallTime now) {
  const std::string logs = "/logs?id=" + std::to_string(probe.id);
  return "<tr><td>" + result_of(probe.result) + "</td><td class=\"what\"><code>" +
         escape_html(probe.target) + "</code></td><td>" + escape_html(probe.module->name) +
         "</td><td class=\"what\">" + detail_of(probe.result) + "</td><td class=\"num\">" +
         glance(probe.result.duration) + "</td><td class=\"time\">" +
         html_time(probe.result.started_at, now) + " ago</td><td><a href=\"" + logs +
         "\">log</a></td></tr>\n";
}

}  // namespace

std::string render_recent_probes(const std::vector<RecentProbe>& newest_first, WallTime now) {
  std::string html = "<h2 id=\"probes\">Probes on demand</h2>\n";
  html += kForm;
  if (newest_first.empty())
    return html +
           "<p class=\"dim\">None was made yet: GET <code>/probe?target=…&amp;module=…</code>, "
           "as with blackbox_exporter.</p>\n";
  html +=
      "<div class=\"table\"><table><thead><tr><th>Result</th><th>Target</th><th>Module</th>"
      "<th>Why</th><th class=\"num\">Took</th><th>When</th><th></th></tr></thead><tbody>\n";
  for (const RecentProbe& probe : newest_first) html += row_of(probe, now);
  return html + "</tbody></table></div>\n";
}

}  // namespace selfheal
