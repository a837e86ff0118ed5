#include "remediator/view/web_pages.h"

#include <charconv>

#include "common/base/program.h"
#include "common/http/html_text.h"
#include "remediator/view/incident_page.h"
#include "remediator/view/overview.h"
#include "remediator/view/page_script.h"
#include "remediator/view/page_style.h"

namespace selfheal {
namespace {

constexpr const char* kContentPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "form-action 'none'; frame-ancestors 'none'; base-uri 'none'";
constexpr const char* kHtml = "text/html; charset=utf-8";
// Of the last day, on one page.
constexpr int kMostTracks = 300;

ServerResponse answer(std::string body, const char* content_type, int status = 200) {
  ServerResponse response;
  response.status = status;
  response.body = std::move(body);
  response.content_type = content_type;
  response.headers = {{"Content-Security-Policy", kContentPolicy},
                      {"X-Content-Type-Options", "nosniff"},
                      {"Referrer-Policy", "no-referrer"},
                      {"Cache-Control", "no-store"}};
  return response;
}

ServerResponse fault(int status, const std::string& what) {
  return answer(what + "\n", "text/plain; charset=utf-8", status);
}

std::optional<int64_t> parse_id(std::string_view text) {
  int64_t id = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (failed != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return id;
}

std::vector<AttemptCount> open_breakers(JournalReader& reader, const BreakerSettings& settings,
                                        WallTime now) {
  std::vector<AttemptCount> open;
  const WallTime after = now - longest_after_end(settings.healthy_reset);
  for (const AttemptCount& count : reader.attempt_counts(after, now, settings.healthy_reset))
    // A service's once, by its own name.
    if ((count.service.empty() || count.service == count.container) &&
        breaker_of(count, settings, now) == Breaker::open)
      open.push_back(count);
  return open;
}

}  // namespace

WebPages::WebPages(Journal& journal, const Readiness& readiness, const CurrentSettings& settings,
                   const ReadAccess& reads, Options options, const Clock& clock)
    : journal_(journal),
      readiness_(readiness),
      settings_(settings),
      reads_(reads),
      options_(std::move(options)),
      clock_(clock) {}

void WebPages::add_to(HttpServer& server) {
  const Access access = reads_.access();
  if (options_.telemetry_path != "/")
    server.route(
        "GET", "/", [this](ServerRequest& r) { return home(r); }, access);
  server.route(
      "GET", "/incidents/*", [this](ServerRequest& r) { return incident_page(r); }, access);
  server.route("GET", "/fragment", reads_.guard([this](ServerRequest& r) { return fragment(r); }),
               access);
  // They tell nothing, and a browser asks for them before it can have a token.
  server.route(
      "GET", "/page.js",
      [](ServerRequest&) { return answer(kPageScript, "text/javascript; charset=utf-8"); }, access);
  server.route(
      "GET", "/page.css",
      [](ServerRequest&) { return answer(kPageStyleSheet, "text/css; charset=utf-8"); }, access);
}

PageShell WebPages::shell(const std::string& title) const {
  PageShell shell;
  shell.title = title + (title.empty() ? "" : " · ") + "selfheal-remediator";
  shell.takes_token = options_.takes_token;
  if (reads_.by_token())
    shell.reading = Reading::by_token;
  else if (options_.takes_token && !reads_.gate_asks_who())
    shell.reading = Reading::evidence_by_token;
  shell.metrics = options_.telemetry_path;
  shell.version = version();
  return shell;
}

WebPages::Found WebPages::overview() const {
  const auto settings = settings_.get();
  Overview overview;
  overview.now = clock_.wall_now();
  overview.dry_run = settings->guards.dry_run;
  overview.max_attempts = settings->guards.max_attempts;
  overview.not_ready = readiness_.reasons_against();
  overview.remarks = readiness_.remarks();
  std::vector<Incident> recent;
  const auto read = journal_.read([&](JournalReader& reader) {
    overview.heard = settings->watchdog_max_silence.count() == 0 || reader.watchdog_last_seen();
    overview.open = reader.open_incidents();
    overview.pauses = reader.pauses(overview.now);
    overview.open_breakers = open_breakers(reader, settings->breaker(), overview.now);
    recent = reader.incidents_alive_since(overview.now - kOverviewDay, kMostTracks + 1);
  });
  if (!read) return fault(503, read.error().message);
  overview.cut = recent.size() > kMostTracks;
  if (overview.cut) recent.pop_back();
  for (const Incident& incident : recent) {
    std::vector<DecisionRow> decisions;
    const auto looked =
        journal_.read([&](JournalReader& reader) { decisions = reader.decisions(incident.id); });
    if (!looked) return fault(503, looked.error().message);
    overview.tracks.push_back(track_of(incident, decisions, overview.now));
  }
  const size_t open = overview.open.size();
  Shown shown{shell(open == 0 ? "" : std::to_string(open) + " open"), render(overview)};
  shown.shell.fragment = "fragment";
  shown.shell.live = open > 0;
  return shown;
}

WebPages::Found WebPages::incident(const ServerRequest& request, const std::string& id) const {
  const auto number = parse_id(id);
  if (!number) return fault(400, "expected an incident's number");
  IncidentStory story;
  std::optional<Incident> incident;
  const auto read = journal_.read([&](JournalReader& reader) {
    incident = reader.incident(*number);
    story.decisions = reader.decisions(*number);
    story.outcomes = reader.outcomes(*number);
    story.evidence = reader.evidence(*number);
  });
  if (!read) return fault(503, read.error().message);
  if (!incident) return fault(404, "there is no incident " + std::to_string(*number));
  reads_.hide_evidence(request, story.evidence);
  story.incident = *std::move(incident);
  Shown shown{shell("#" + std::to_string(*number) + " " + story.incident.container),
              render(story, clock_.wall_now())};
  shown.shell.top = "../";
  shown.shell.fragment = "fragment?incident=" + std::to_string(*number);
  shown.shell.live = story.incident.state != IncidentState::closed;
  return shown;
}

// A person's browser sends no token before a page has asked for one: it gets the frame alone.
ServerResponse WebPages::frame(const std::string& top, const std::string& fragment) const {
  PageShell empty = shell("");
  empty.top = top;
  empty.fragment = fragment;
  ServerResponse response = answer(render(empty, ""), kHtml, 401);
  response.headers.emplace_back("WWW-Authenticate", "Bearer");
  return response;
}

ServerResponse WebPages::home(const ServerRequest& request) const {
  if (!reads_.allows(request)) return frame("", "fragment");
  const Found found = overview();
  return found ? answer(render(found->shell, found->content), kHtml) : found.error();
}

ServerResponse WebPages::incident_page(const ServerRequest& request) const {
  const std::string id(request.path().substr(request.path().rfind('/') + 1));
  if (!reads_.allows(request)) return frame("../", "fragment?incident=" + encode_query(id));
  const Found found = incident(request, id);
  return found ? answer(render(found->shell, found->content), kHtml) : found.error();
}

ServerResponse WebPages::fragment(const ServerRequest& request) const {
  const std::string id = request.query("incident");
  const Found found = id.empty() ? overview() : incident(request, id);
  if (!found) return found.error();
  return answer(content_element(found->shell, found->content), kHtml);
}

}  // namespace selfheal
