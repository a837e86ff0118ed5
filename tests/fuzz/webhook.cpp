// Any body through the parser, and what it takes through the intake into a journal.
#include <algorithm>
#include <set>

#include "common/docker/healing_step.h"
#include "remediator/decision/decision.h"
#include "tests/fuzz/fuzzers.h"
#include "tests/fuzz/remediator_parts.h"
#include "tests/remediator/samples.h"

namespace selfheal::fuzz {
namespace {

constexpr size_t kMostAlerts = 32;  // each is a row or two, and the time that takes

using Name = std::pair<std::string, std::string>;  // (host, container)

bool is_name(const std::string& text, size_t least) {
  const auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  return text.size() >= least && text.size() <= kLongestAlertText &&
         std::none_of(text.begin(), text.end(), control);
}

// Nothing would object to an attempt but what the alert asks for.
void expect_no_unknown_action(const ReceivedAlert& alert) {
  Facts facts = good_facts();
  facts.asked_action = alert.label("remediation");
  const Decision decision = decide(facts, GuardSettings{});
  demand(decision.verdict != Verdict::act || parse_steps(facts.asked_action).ok(),
         "what is done is an action that there is");
}

void expect_well_formed(const ReceivedAlert& alert) {
  demand(is_name(alert.fingerprint, 1), "a failure has its name");
  if (!alert.wants_remediation()) return;
  demand(is_name(alert.label("host"), 1) && is_name(alert.label("container"), 1),
         "what is to be mended is named");
  for (const char* label : {"alertname", "group", "remediation"})
    demand(is_name(alert.label(label), 0), "texts that are kept are within their limits");
  expect_no_unknown_action(alert);
}

bool explains(const ReceivedAlert& alert, const Incident& incident, const IncidentAlert& kept) {
  return alert.wants_remediation() && alert.status == AlertStatus::firing &&
         alert.label("host") == incident.host && alert.label("container") == incident.container &&
         alert.fingerprint == kept.fingerprint && alert.starts_at == kept.starts_at;
}

std::vector<Incident> incidents(Journal& journal) {
  std::vector<Incident> all;
  const auto read = journal.read([&](JournalReader& reader) {
    IncidentFilter every;
    every.limit = 1000;
    all = reader.incidents(every);
  });
  demand(read.ok(), "the journal can be read");
  return all;
}

std::set<Name> open_ones(const std::vector<Incident>& all) {
  std::set<Name> names;
  for (const Incident& incident : all) {
    if (incident.state == IncidentState::closed) continue;
    demand(incident.state == IncidentState::waiting, "nothing is done by taking an alert");
    demand(names.emplace(incident.host, incident.container).second, "one open incident for each");
  }
  return names;
}

// Twice, as a clustered Alertmanager would: the second time changes nothing.
void take(RemediatorParts& parts, const WebhookPayload& payload) {
  demand(parts.intake->accept(payload).ok(), "it is written down");
  const std::vector<Incident> first = incidents(*parts.journal);
  for (const Incident& incident : first) {
    demand(!incident.alerts.empty(), "an incident has its alert");
    for (const IncidentAlert& kept : incident.alerts)
      demand(std::any_of(payload.alerts.begin(), payload.alerts.end(),
                         [&](const auto& alert) { return explains(alert, incident, kept); }),
             "what is kept was asked for by an alert that fires");
  }
  demand(parts.intake->accept(payload).ok(), "it is written down again");
  demand(open_ones(incidents(*parts.journal)) == open_ones(first), "sent again it is the same");
}

}  // namespace

void webhook(std::string_view input) {
  const auto payload = parse_webhook(input);
  if (!payload) return demand(!payload.error().message.empty(), "a fault says what it is");
  for (const ReceivedAlert& alert : payload->alerts) expect_well_formed(alert);
  for (const std::string& fault : payload->unreadable)
    demand(!fault.empty() && fault.size() < 2 * kLongestAlertText, "a fault says what it is");
  if (payload->alerts.size() > kMostAlerts) return;
  static RemediatorParts parts;
  const int64_t before = parts.journal_version();
  take(parts, *payload);
  if (parts.journal_version() != before) parts.forget();
}

}  // namespace selfheal::fuzz
