#include "exporter/pages/target_table.h"

#include <numeric>
#include <set>

#include "common/base/time_text.h"
#include "common/http/html_text.h"

namespace selfheal {
namespace {

constexpr std::chrono::hours kCertificateSoon{24 * 14};

std::string small(const std::string& html) {
  return html.empty() ? "" : "<small>" + html + "</small>";
}

std::string with_dot(const std::string& first, const std::string& second) {
  return first.empty() || second.empty() ? first + second : first + " · " + second;
}

// As a CSS class: "not probed yet" has none.
std::string class_of(TargetVerdict verdict) {
  const std::string name(to_string(verdict));
  return name.find(' ') == std::string::npos ? " " + name : "";
}

const char* row_class(TargetVerdict verdict) {
  if (verdict <= TargetVerdict::down) return " class=\"bad\"";
  return verdict <= TargetVerdict::failing ? " class=\"odd\"" : "";
}

std::string name_cell(const WatchedContainer& seen, bool several_hosts) {
  std::string more = several_hosts ? escape_html(seen.key.host) : "";
  if (seen.group != seen.key.name) more = with_dot(more, escape_html(seen.group));
  if (seen.origin == Origin::configured) more = with_dot(more, "configured");
  for (const auto& [name, value] : seen.labels)
    more = with_dot(more, escape_html(name + "=" + value));
  return "<td class=\"what\"><b>" + escape_html(seen.key.name) + "</b>" +
         (more.empty() ? "" : " <span class=\"of\">" + more + "</span>") + "</td>";
}

std::string probe_hint(const ProbeSpec& spec) {
  std::string hint = "module " + spec.module->name + ", every " +
                     format_duration(spec.settings.interval) + ", timeout " +
                     format_duration(spec.settings.timeout);
  for (const Endpoint& endpoint : spec.endpoints) hint += ", " + to_string(endpoint);
  return escape_html(hint);
}

std::string probe_cell(const TargetRow& row) {
  if (row.probe == nullptr) return "<td></td>";
  const ProbeSpec& spec = *row.probe->identity->spec;
  return "<td class=\"what\" title=\"" + probe_hint(spec) + "\"><code>" +
         escape_html(to_string(spec.url)) + "</code>" +
         small(spec.name == "default" ? "" : escape_html(spec.name)) + "</td>";
}

std::string state_text(const WatchedContainer& seen) {
  std::string text(to_string(seen.state));
  if (seen.state == ContainerState::exited || seen.state == ContainerState::dead)
    text += " with " + std::to_string(seen.exit_code);
  return escape_html(text);
}

std::string certificate_text(const ProbeNumbers& numbers, WallTime now) {
  const auto expiry = instant_of(numbers.cert_expiry_s);
  if (!expiry || *expiry > now + kCertificateSoon) return "";
  const std::string apart = html_time(*expiry, now);
  return *expiry <= now ? "certificate expired " + apart + " ago"
                        : "certificate expires in " + apart;
}

std::string result_text(const ProbeRow& probe, WallTime now) {
  const ProbeNumbers& numbers = probe.numbers;
  if (!numbers.concluded) return "";
  const std::string status =
      numbers.http_status == 0 ? "" : "HTTP " + std::to_string(numbers.http_status);
  if (numbers.success)
    return (status.empty() ? "passed" : status) + small(certificate_text(numbers, now));
  const int failures = numbers.consecutive_failures;
  const std::string reason =
      numbers.last_failure ? std::string(to_string(*numbers.last_failure)) : "";
  return "<b>" + reason + "</b> " + escape_html(probe.last_failure ? *probe.last_failure : "") +
         small(with_dot(failures > 1 ? std::to_string(failures) + " failures in a row" : "",
                        certificate_text(numbers, now)));
}

std::string result_cell(const TargetRow& row, WallTime now) {
  const WatchedContainer& seen = *row.container;
  std::string text = seen.running() ? "" : state_text(seen);
  if (row.probe != nullptr && seen.running()) text = result_text(*row.probe, now);
  if (row.probe == nullptr && seen.running()) text = state_text(seen);
  return "<td class=\"what result\">" + text + "</td>";
}

std::optional<WallTime> since(const TargetRow& row) {
  if (!row.container->running()) return row.container->finished_at;
  if (row.probe == nullptr) return row.container->started_at;
  const ProbeNumbers& numbers = row.probe->numbers;
  if (numbers.failing_since_s != 0) return instant_of(numbers.failing_since_s);
  return numbers.success ? instant_of(numbers.passing_since_s) : std::nullopt;
}

std::string time_cells(const TargetRow& row, WallTime now) {
  const auto begin = since(row);
  const auto last =
      row.probe == nullptr ? std::nullopt : instant_of(row.probe->numbers.last_probe_s);
  const auto took = std::chrono::duration<double>(last ? row.probe->numbers.last_duration_s : 0);
  return "<td class=\"time\">" + (begin ? html_time(*begin, now) : "") + "</td><td class=\"num\">" +
         (last ? glance(took) : "") + "</td><td class=\"time\">" +
         (last ? html_time(*last, now) + " ago" : "") + "</td>";
}

std::string row_html(const TargetRow& row, bool several_hosts, WallTime now) {
  return std::string("<tr") + row_class(row.verdict) + "><td><span class=\"state" +
         class_of(row.verdict) + "\">" + std::string(to_string(row.verdict)) + "</span></td>" +
         name_cell(*row.container, several_hosts) + probe_cell(row) + result_cell(row, now) +
         time_cells(row, now) + "</tr>\n";
}

bool on_several_hosts(const std::vector<TargetRow>& rows) {
  std::set<std::string_view> hosts;
  for (const TargetRow& row : rows)
    if (!row.container->key.host.empty()) hosts.insert(row.container->key.host);
  return hosts.size() > 1;
}

std::string nothing_there(const LandingPage& page) {
  if (!page.targets.empty())
    return "<p class=\"note\">No target is like that. <a href=\"/\">Show all</a></p>\n";
  return "<p class=\"note\">No container has opted in, and no target is configured: label a "
         "container with "
         "<code>selfheal.enable=true</code> and it appears here.</p>\n";
}

// The query of a link, with what is searched for kept.
std::string link_to(const LandingPage& page, std::string_view verdict) {
  std::string link = "/?health=" + encode_query(verdict);
  if (!page.filter.text.empty()) link += "&amp;q=" + encode_query(page.filter.text);
  return link;
}

std::string chip(const std::string& link, size_t count, std::string_view name,
                 const std::string& classes) {
  return "<a class=\"chip" + classes + "\" href=\"" + link + "\"><b>" + std::to_string(count) +
         "</b> " + std::string(name) + "</a>\n";
}

}  // namespace

std::string render_target_filter(const LandingPage& page) {
  const auto counts = count_verdicts(page.targets);
  const auto& chosen = page.filter.verdict;
  const bool everything = !chosen && page.filter.text.empty();
  std::string html =
      "<div class=\"bar\">\n" + chip("/", page.targets.size(), "all", everything ? " on" : "");
  for (size_t i = 0; i < kTargetVerdicts; ++i) {
    const auto verdict = static_cast<TargetVerdict>(i);
    if (counts.at(i) == 0 && chosen != verdict) continue;
    html += chip(link_to(page, to_string(verdict)), counts.at(i), to_string(verdict),
                 class_of(verdict) + (chosen == verdict ? " on" : ""));
  }
  html += "<form><input type=\"search\" name=\"q\" placeholder=\"name, group, address\" value=\"" +
          escape_html(page.filter.text) + "\" aria-label=\"search\">";
  if (chosen)
    html +=
        "<input type=\"hidden\" name=\"health\" value=\"" + std::string(to_string(*chosen)) + "\">";
  return html + "<button>Search</button></form></div>\n";
}

std::string render_targets(const LandingPage& page) {
  const bool several_hosts = on_several_hosts(page.targets);
  std::string rows;
  size_t found = 0;
  for (const TargetRow& row : page.targets) {
    if (!matches(row, page.filter)) continue;
    if (++found <= kMostRows) rows += row_html(row, several_hosts, page.now);
  }
  if (found == 0) return nothing_there(page);
  std::string html =
      "<div class=\"table\"><table><thead><tr><th>Health</th><th>Target</th><th>Probe</th>"
      "<th>Last result</th><th>Since</th><th class=\"num\">Took</th><th>Probed</th></tr></thead>"
      "<tbody>\n" +
      rows + "</tbody></table></div>\n";
  if (found > kMostRows)
    html += "<p class=\"dim\">" + std::to_string(found - kMostRows) +
            " more: search for them, or see <a href=\"/api/v1/targets\">all as JSON</a>.</p>\n";
  return html;
}

}  // namespace selfheal
