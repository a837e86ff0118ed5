#include "remediator/view/api.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <tuple>

#include "common/base/log.h"
#include "common/base/time_text.h"
#include "common/docker/docker_messages.h"
#include "common/http/json_reply.h"
#include "remediator/incident/target.h"
#include "remediator/view/api_json.h"
#include "remediator/view/openapi.h"
#include "remediator/view/pause_request.h"

namespace selfheal {
namespace {

constexpr int kMostIncidents = 1000;
// Of what has not been broken for that long nobody asks what its guards would say.
constexpr std::chrono::hours kContainersOf{24 * 7};
constexpr size_t kLongestBody = 64 << 10;
constexpr Milliseconds kBodyTimeout{10'000};

// A whole number, or nothing.
template <class Number>
std::optional<Number> parse_number(std::string_view text) {
  Number number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// The body of a POST, or the answer that refuses it.
Result<std::string, ServerResponse> read_json(ServerRequest& request) {
  if (auto refused = refuse_other_than_json(request)) return *std::move(refused);
  const auto body = request.read_body(kLongestBody, kBodyTimeout);
  if (body) return *body;
  return json_refusal(body.error() == BodyFault::too_large ? 413 : 400, "the body can't be read");
}

// Of each count the incident that it is of: a service may have none by its own name, but of its
// containers. Then the one that is open, else the latest.
std::vector<ContainerView> views_of(const std::vector<Incident>& last,
                                    const std::vector<AttemptCount>& counts) {
  std::map<std::pair<std::string, std::string>, const Incident*> named;
  std::map<std::pair<std::string, std::string>, const Incident*> of_service;
  for (const Incident& incident : last) {
    named[{incident.host, incident.container}] = &incident;
    if (incident.service.empty()) continue;
    const Incident*& best = of_service[{incident.host, incident.service}];
    const auto rank = [](const Incident& one) {
      return std::pair(one.state != IncidentState::closed, one.id);
    };
    if (best == nullptr || rank(incident) > rank(*best)) best = &incident;
  }
  std::vector<ContainerView> views;
  for (const AttemptCount& count : counts) {
    const std::pair name(count.host, count.container);
    auto found = named.find(name);
    if (found == named.end() && (found = of_service.find(name)) == of_service.end()) continue;
    views.push_back({*found->second, count});
  }
  std::sort(views.begin(), views.end(), [](const ContainerView& one, const ContainerView& other) {
    return std::tie(one.count.host, one.count.container) <
           std::tie(other.count.host, other.count.container);
  });
  return views;
}

}  // namespace

Api::Api(Journal& journal, const DockerHosts& hosts, const CurrentSettings& settings,
         const ReadAccess& reads, const Clock& clock, Wake wake, TokenGate& tokens)
    : journal_(journal),
      hosts_(hosts),
      targets_(hosts, journal),
      settings_(settings),
      reads_(reads),
      clock_(clock),
      wake_(std::move(wake)),
      tokens_(tokens) {}

void Api::add_to(HttpServer& server, Access of_posts) {
  const auto get = [&](const char* path, Handler handler) {
    server.route("GET", path, reads_.guard(std::move(handler)), reads_.access());
  };
  const auto post = [&](const char* path, ServerResponse (Api::*handler)(ServerRequest&)) {
    server.route(
        "POST", path,
        [this, handler](ServerRequest& request) {
          if (auto refused = tokens_.refuse(request)) return *std::move(refused);
          return (this->*handler)(request);
        },
        of_posts);
  };
  get("/api/v1/incidents", [this](ServerRequest& r) { return list_incidents(r); });
  get("/api/v1/incidents/*", [this](ServerRequest& r) { return show_incident(r); });
  get("/api/v1/containers", [this](ServerRequest&) { return list_containers(); });
  get("/api/v1/openapi.json", [](ServerRequest&) { return json_reply(openapi_json()); });
  post("/api/v1/pause", &Api::pause);
  post("/api/v1/resume", &Api::resume);
  post("/api/v1/containers/*", &Api::reset);
}

ServerResponse Api::list_incidents(const ServerRequest& request) {
  IncidentFilter filter;
  filter.container = request.query("container");
  filter.state = request.query("state");
  if (!filter.state.empty() && filter.state != "open" && !parse_incident_state(filter.state))
    return json_fault(400, "state: expected open, waiting, acting, verifying or closed");
  if (const std::string since = request.query("since"); !since.empty()) {
    filter.since = parse_rfc3339(since);
    if (!filter.since)
      return json_fault(400, "since: expected a time such as 2026-01-31T12:00:00Z");
  }
  if (const std::string limit = request.query("limit"); !limit.empty()) {
    const auto most = parse_number<int>(limit);
    if (!most || *most < 1) return json_fault(400, "limit: expected a number from 1");
    filter.limit = std::min(*most, kMostIncidents);
  }
  std::vector<Incident> incidents;
  const auto read =
      journal_.read([&](JournalReader& reader) { incidents = reader.incidents(filter); });
  if (!read) return json_fault(503, read.error().message);
  return json_reply(incidents_json(incidents, clock_.wall_now()));
}

ServerResponse Api::show_incident(const ServerRequest& request) {
  const std::string_view path = request.path();
  const auto id = parse_number<int64_t>(path.substr(path.rfind('/') + 1));
  if (!id) return json_fault(400, "expected an incident's number");
  std::optional<Incident> incident;
  std::vector<DecisionRow> decisions;
  std::vector<OutcomeRow> outcomes;
  std::vector<EvidenceRow> evidence;
  const auto read = journal_.read([&](JournalReader& reader) {
    incident = reader.incident(*id);
    evidence = reader.evidence(*id);
    decisions = reader.decisions(*id);
    outcomes = reader.outcomes(*id);
  });
  if (!read) return json_fault(503, read.error().message);
  if (!incident) return json_fault(404, "there is no incident " + std::to_string(*id));
  reads_.hide_evidence(request, evidence);
  return json_reply(incident_json(*incident, decisions, outcomes, evidence, clock_.wall_now()));
}

ServerResponse Api::list_containers() {
  const auto settings = settings_.get();
  const WallTime now = clock_.wall_now();
  std::vector<ContainerView> containers;
  std::vector<Pause> pauses;
  const auto read = journal_.read([&](JournalReader& reader) {
    containers =
        views_of(reader.last_incidents(now - kContainersOf),
                 reader.attempt_counts(now - kContainersOf, now, settings->incident.healthy_reset));
    pauses = reader.pauses(now);
  });
  if (!read) return json_fault(503, read.error().message);
  return json_reply(containers_json(containers, pauses, settings->breaker(), now));
}

std::optional<ServerResponse> Api::refuse_host(const std::string& host) const {
  std::string here;
  for (const HostStatus& status : hosts_.statuses()) {
    if (status.name.empty() || status.name == host) return std::nullopt;
    here += (here.empty() ? "" : ", ") + status.name;
  }
  if (host.empty()) return std::nullopt;
  const bool several = hosts_.names().size() > 1;
  return json_fault(404, std::string("host: the Docker ") +
                             (several ? "hosts here are " : "host here is ") + here + ", not " +
                             host);
}

ServerResponse Api::pause(ServerRequest& request) {
  const auto body = read_json(request);
  if (!body) return body.error();
  const auto request_made = parse_pause(*body, clock_.wall_now());
  if (!request_made) return json_fault(400, request_made.error().message);
  const Pause* pause = &request_made->pause;
  if (auto refusal = refuse_host(pause->target.host)) return *std::move(refusal);
  if (!request_made->ahead)
    if (const auto why = targets_.why_unknown(pause->target)) return json_fault(404, *why);
  const auto written = journal_.write([&](JournalWriter& writer) { writer.begin_pause(*pause); });
  if (!written) return json_fault(503, written.error().message);
  log::info("paused", {{"target", to_text(pause->target)},
                       {"until", pause->ends_at ? format_rfc3339(*pause->ends_at) : "resumed"},
                       {"reason", pause->reason},
                       {"remote", request.remote_address()}});
  return json_reply(pause_json(*pause));
}

ServerResponse Api::resume(ServerRequest& request) {
  const auto body = read_json(request);
  if (!body) return body.error();
  const auto target = parse_resume(*body);
  if (!target) return json_fault(400, target.error().message);
  bool was_paused = false;
  std::vector<int64_t> waiting;
  const auto written = journal_.write([&](JournalWriter& writer) {
    was_paused = writer.end_pause(*target, clock_.wall_now());
    waiting = writer.judge_paused_now(clock_.wall_now());
  });
  if (!written) return json_fault(503, written.error().message);
  if (!was_paused) return json_fault(404, to_text(*target) + " is not paused by itself");
  wake_(waiting);
  log::info("resumed", {{"target", to_text(*target)}, {"remote", request.remote_address()}});
  return json_reply(json_object("resumed", to_text(*target)));
}

ServerResponse Api::reset(ServerRequest& request) {
  const auto body = read_json(request);  // nothing is read from it: see api.h
  if (!body) return body.error();
  const auto name = parse_reset_path(request.path());
  if (!name) return json_fault(404, name.error().message);
  const auto& [host, container] = *name;
  if (auto refusal = refuse_host(host)) return *std::move(refusal);
  std::vector<int64_t> incidents;
  const auto written =
      journal_.write([&, &host = host, &container = container](JournalWriter& writer) {
        incidents = writer.reset(host, container, clock_.wall_now());
      });
  if (!written) return json_fault(503, written.error().message);
  // The attempts on a service may all have been for its containers.
  if (incidents.empty() && !service_of(container))
    return json_fault(404, container + " on " + host + " never had an incident");
  if (!incidents.empty()) wake_(incidents);
  log::info("reset: attempts so far no longer count",
            {{"host", host}, {"container", container}, {"remote", request.remote_address()}});
  return json_reply(json_object("reset", host + "/" + container));
}

}  // namespace selfheal
