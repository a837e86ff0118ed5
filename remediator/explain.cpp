#include "remediator/explain.h"

#include <fstream>
#include <iostream>
#include <iterator>

#include "common/base/log.h"
#include "common/base/program.h"
#include "common/base/time_text.h"
#include "remediator/addresses.h"

namespace selfheal {
namespace {

std::optional<std::string> read_all(const std::string& path) {
  if (path == "-") return std::string(std::istreambuf_iterator<char>(std::cin), {});
  std::ifstream file(path);
  if (!file) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(file), {});
}

int bad_usage(const std::string& what) {
  std::cerr << what << '\n';
  return kExitBadUsage;
}

// The incident as it would be once the alert has been accepted.
std::optional<Incident> incident_after(const ReceivedAlert& alert, Journal* journal, WallTime now,
                                       const IncidentSettings& settings) {
  const std::string& host = alert.label("host");
  const std::string& container = alert.label("container");
  const AlertFired event{{alert.fingerprint, alert.starts_at, alert.label("alertname"),
                          alert.label("remediation"), true, now, now},
                         alert.label("group")};
  std::optional<Incident> last;
  bool over = false;
  if (journal != nullptr) {
    const auto read = journal->read([&](JournalReader& reader) {
      last = reader.last_incident(host, container);
      over = reader.already_recovered(alert.fingerprint, alert.starts_at);
    });
    if (!read) std::cerr << read.error().message << '\n';
  }
  if (over) return std::nullopt;
  if (last && apply(*last, event, now, settings)) return last;
  return open_incident(host, container, event, last ? &*last : nullptr, now, settings);
}

void print(const ReceivedAlert& alert, const std::string& verdict, const std::string& why) {
  std::cout << alert.label("alertname") << " " << alert.label("host") << "/"
            << alert.label("container") << ": " << verdict << (why.empty() ? "" : " (" + why + ")")
            << '\n';
}

void explain_alert(const ReceivedAlert& alert, Journal* journal, const FactsReader& facts_reader,
                   const RemediatorSettings& settings, WallTime now) {
  if (!alert.wants_remediation())
    return print(alert, "ignore", "for people: it has no label remediation");
  if (alert.status == AlertStatus::resolved)
    return print(alert, "withdraw", "resolved: what waits for it is cancelled, nothing is done");
  const auto incident = incident_after(alert, journal, now, settings.incident);
  if (!incident) return print(alert, "ignore", "this failure was closed as recovered already");
  if (incident->state != IncidentState::waiting)
    return print(alert, "go on",
                 "an attempt is under way: " + std::string(to_string(incident->state)));
  Surroundings around;
  if (journal != nullptr) {
    const auto read =
        journal->read([&](JournalReader& reader) { around = reader.surroundings(*incident, now); });
    if (!read) std::cerr << read.error().message << '\n';
  }
  const Decision decision = decide(
      facts_reader.read(*incident, std::move(around), now, settings.incident), settings.guards);
  const std::string verdict(to_string(decision.verdict));
  if (decision.verdict == Verdict::act) return print(alert, verdict, to_text(decision.step));
  print(alert, verdict, std::string(to_string(decision.reason)) + ": " + decision.detail);
}

}  // namespace

int explain(const ExplainOptions& options, const RemediatorOptions& remediator,
            const Clock& clock) {
  const auto text = read_all(options.payload_file);
  if (!text) return bad_usage(options.payload_file + ": can't be read");
  const auto payload = parse_webhook(*text);
  if (!payload) return bad_usage(options.payload_file + ": " + payload.error().message);
  auto settings = read_config(remediator.config_file);
  if (!settings) return bad_usage(settings.error().message);
  settings->guards.dry_run = remediator.dry_run;
  const auto at = options.at.empty() ? clock.wall_now() : parse_rfc3339(options.at);
  if (!at)
    return bad_usage("--at: \"" + options.at + "\" is not a time such as 2026-01-31T12:00:00Z");
  std::unique_ptr<Journal> journal;
  if (!options.journal.empty()) {
    auto opened = Journal::open_read_only(options.journal);
    if (!opened) return bad_usage(opened.error().message);
    journal = *std::move(opened);
  }
  const auto address = remediator.docker.address();
  if (!address) return bad_usage(address.error().message);
  const auto prometheus_url = optional_base_url("--prometheus.url", remediator.prometheus_url);
  if (!prometheus_url) return bad_usage(prometheus_url.error().message);
  DockerClient docker(*address, clock);
  std::unique_ptr<PrometheusClient> prometheus;
  if (!prometheus_url->empty())
    prometheus =
        std::make_unique<PrometheusClient>(*prometheus_url, settings->prometheus_timeout, clock);
  log::configure(log::Level::error, log::Format::logfmt);  // what is asked for is on stdout
  EngineWatch engine(docker, clock, Milliseconds(60'000));
  engine.start();
  const FactsReader facts_reader(docker, prometheus.get(), engine);
  for (const ReceivedAlert& alert : payload->alerts)
    explain_alert(alert, journal.get(), facts_reader, *settings, *at);
  for (const std::string& fault : payload->unreadable) std::cout << "unreadable: " << fault << '\n';
  return kExitDone;
}

}  // namespace selfheal
