#include "exporter/pages/targets_page.h"

#include <utility>

#include "common/base/program.h"
#include "common/http/json_reply.h"
#include "exporter/pages/landing_page.h"
#include "exporter/pages/targets_json.h"

namespace selfheal {
namespace {

// Nothing is loaded and nothing runs, whatever got into the page.
constexpr const char* kContentPolicy =
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; "
    "base-uri 'none'";

}  // namespace

ServerResponse TargetsPage::json() const {
  return json_reply(targets_json(table_.snapshot()));
}

ServerResponse TargetsPage::html(const ServerRequest& request) const {
  const HealthSnapshot all = table_.snapshot();
  const LandingPage page{
      .now = clock_.wall_now(),
      .version = version(),
      .telemetry_path = telemetry_path_,
      .filter = {request.query("q"), parse_target_verdict(request.query("health"))},
      .targets = target_rows(all),
      .hosts = all.hosts,
      .recent_probes = history_.newest_first()};
  return {.body = render(page),
          .content_type = "text/html; charset=utf-8",
          .headers = {{"Content-Security-Policy", kContentPolicy}}};
}

}  // namespace selfheal
