#include "exporter/pages/landing_page.h"

#include "common/base/time_text.h"
#include "common/http/html_text.h"
#include "exporter/pages/page_style.h"
#include "exporter/pages/probe_table.h"
#include "exporter/pages/target_table.h"

namespace selfheal {
namespace {

// The worst there is, for the tab's title and its dot.
struct Glance {
  std::string title;
  const char* colour;
};

Glance glance_of(const LandingPage& page) {
  const auto counts = count_verdicts(page.targets);
  const auto of = [&](TargetVerdict verdict) { return counts.at(static_cast<size_t>(verdict)); };
  const size_t bad = of(TargetVerdict::unhealthy) + of(TargetVerdict::down);
  if (bad > 0) return {std::to_string(bad) + " in trouble · ", "d33"};
  if (const size_t failing = of(TargetVerdict::failing); failing > 0)
    return {std::to_string(failing) + " failing · ", "e90"};
  return {"", of(TargetVerdict::healthy) > 0 ? "2a5" : "999"};
}

std::string head_of(const LandingPage& page) {
  const Glance glance = glance_of(page);
  return "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
         "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
         "<title>" +
         glance.title +
         "selfheal-exporter</title>"
         "<link rel=\"icon\" href=\"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' "
         "viewBox='0 0 8 8'><circle cx='4' cy='4' r='3.5' fill='%23" +
         std::string(glance.colour) + "'/></svg>\">\n<style>" + kPageStyle + "</style></head>\n";
}

std::string links_of(const LandingPage& page) {
  return "<header><h1>selfheal-exporter</h1><nav><a href=\"" + escape_html(page.telemetry_path) +
         "\">Metrics</a><a href=\"/api/v1/targets\">Targets as JSON</a>"
         "<a href=\"#probes\">Probes on demand</a><a href=\"/config\">Configuration</a><a "
         "href=\"/-/ready\">Ready?</a></nav></header>\n";
}

std::string hosts_of(const LandingPage& page) {
  std::string all;
  for (const auto& [name, row] : page.hosts) {
    if (!row.connected) continue;
    all += (all.empty() ? "" : " &nbsp; ") + std::string("<span class=\"state ") +
           (*row.connected ? "passed\">" : "failed\">") + "Docker on " + escape_html(name) +
           (*row.connected ? ": connected" : ": not connected, what is shown is old") + "</span>";
  }
  return all.empty() ? "" : "<p class=\"hosts\">" + all + "</p>\n";
}

}  // namespace

std::string render(const LandingPage& page) {
  return head_of(page) + "<body>\n" + links_of(page) + hosts_of(page) + render_target_filter(page) +
         render_targets(page) + render_recent_probes(page.recent_probes, page.now) +
         "<footer>Version " + escape_html(page.version) + ", as of " + format_rfc3339(page.now) +
         "</footer>\n</body></html>\n";
}

}  // namespace selfheal
