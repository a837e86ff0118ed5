#include "remediator/act/attempt_runner.h"

#include <algorithm>

#include "common/base/log.h"
#include "common/base/shell_words.h"
#include "remediator/act/engine_patience.h"
#include "remediator/act/remedy.h"
#include "remediator/act/service_attempts.h"
#include "remediator/act/stop_timeout.h"
#include "remediator/decision/granted.h"

namespace selfheal {
namespace {

void warn_of_labels(const Facts& facts) {
  for (const std::string& fault : label_faults(facts.labels()))
    log::warn("a label can't be used",
              {{"host", facts.host}, {"container", facts.container}, {"label", fault}});
}

}  // namespace

AttemptRunner::AttemptRunner(Journal& journal, const DockerHosts& hosts, PrometheusApi* prometheus,
                             const FactsReader& facts_reader, const StepRecorder& recorder,
                             const CurrentSettings& settings, RemediationMetrics& metrics,
                             const Clock& clock)
    : journal_(journal),
      hosts_(hosts),
      facts_reader_(facts_reader),
      evidence_keeper_(journal, prometheus, clock),
      steps_(journal, recorder, metrics, clock),
      sharers_(journal, steps_, facts_reader, settings, clock),
      aftermath_(journal, hosts, steps_, sharers_, settings, clock),
      verifier_(prometheus, steps_, sharers_, settings, clock),
      settings_(settings),
      metrics_(metrics),
      clock_(clock) {}

Again AttemptRunner::step(int64_t incident_id) {
  std::optional<Incident> incident;
  Surroundings around;
  const auto read = journal_.read([&](JournalReader& reader) {
    incident = reader.incident(incident_id);
    if (incident && incident->state == IncidentState::waiting)
      around = reader.surroundings(*incident, clock_.wall_now());
  });
  if (!read) return clock_.wall_now() + kFaultPause;
  if (!incident) return std::nullopt;
  if (incident->state == IncidentState::waiting) return judge(*incident, std::move(around));
  return incident->attempt_under_way() ? go_on(*incident) : aftermath_.put_in_order(*incident);
}

Again AttemptRunner::go_on(const Incident& incident) {
  const DockerHost host = hosts_.find(incident.host);
  const bool acting = incident.state == IncidentState::acting;
  if (waits_for_engine(incident, host)) return clock_.wall_now() + kFaultPause;
  if (!host.fault.empty())
    return steps_.fail(incident, acting ? AttemptResult::no_effect : AttemptResult::unknown,
                       host.fault);
  if (!acting) return verifier_.verify(*host.docker, incident);
  const Remedy& remedy = remedy_of(incident.attempts.back().action);
  return went(*host.docker, incident, remedy.look(*host.docker, incident, clock_));
}

bool AttemptRunner::waits_for_engine(const Incident& incident, const DockerHost& host) const {
  // One that was taken out of the configuration is nobody's any more.
  if (host.docker == nullptr || (host.away.empty() && host.fault.empty())) return false;
  const auto& acted_at = incident.attempts.back().acted_at;
  return !acted_at || clock_.wall_now() <= *acted_at + verifier_.patience_with_docker(incident);
}

Again AttemptRunner::judge(const Incident& incident, Surroundings around) {
  const auto settings = settings_.get();
  if (lived_too_long(incident, clock_.wall_now(), settings->incident)) {
    const auto expired = steps_.commit(incident, LivedTooLong{});
    if (expired)
      log::warn("incident expired", {{"incident", std::to_string(incident.id)},
                                     {"container", incident.container},
                                     {"waited_for", incident.reason},
                                     {"detail", incident.detail}});
    return steps_.after(expired);
  }
  if (const auto busy = still_busy(incident, around, clock_.wall_now())) return busy;
  aftermath_.see_to(incident);
  Facts facts = look(incident, std::move(around), clock_.wall_now(), *settings);
  if (incident.reason == "accepted") warn_of_labels(facts);  // its first time
  Decision decision = decide(facts, settings->guards);
  DockerApi* const docker = hosts_.find(incident.host).docker;  // there is one where it may act
  std::optional<EvidenceRow> evidence;
  if (decision.verdict == Verdict::act && settings->evidence.enabled) {
    evidence = evidence_keeper_.look(*docker, incident, facts, settings->evidence);
    // Somebody may have stopped it meanwhile, or policy hold it.
    facts = look(incident, std::move(facts.around), clock_.wall_now(), *settings);
    decision = decide(facts, settings->guards);
  }
  if (decision.verdict == Verdict::act) return act(*docker, incident, facts, decision, evidence);
  return wait(incident, facts, decision);
}

Facts AttemptRunner::look(const Incident& incident, Surroundings around, WallTime now,
                          const RemediatorSettings& settings) const {
  Facts facts = facts_reader_.read(incident, std::move(around), now, settings.incident);
  if (facts.service_name.empty()) return facts;
  const auto read =
      journal_.read([&](JournalReader& reader) { add_service(facts, incident, reader, settings); });
  if (!read) {  // without it nothing is acted on
    facts.service.reset();
    facts.service_failure = DockerFailure{DockerFailureKind::failed, read.error().message};
  }
  return facts;
}

// Many may wait for the others' attempts, and each asks every second: of the journal alone. In full
// they are judged when the others are done, and seldom in between, since the container and the
// policy change too.
Again AttemptRunner::still_busy(const Incident& incident, const Surroundings& around,
                                WallTime now) const {
  const auto settings = settings_.get();
  if (!waits_for_others(incident.reason) || now > incident.lease_until ||
      now - incident.next_at >= settings->guards.judge_refused)
    return std::nullopt;
  Facts facts = facts_of_journal(incident, around, now, settings->incident);
  facts.hosts_away = hosts_.away();
  const Objection busy = object_for_others(facts, settings->guards);
  return busy ? Again(busy->until) : std::nullopt;
}

Again AttemptRunner::wait(const Incident& incident, const Facts& facts, const Decision& decision) {
  const std::string reason(to_string(decision.reason));
  WallTime until = decision.until;
  // A short pause, and the calls before it can have taken longer: it begins after them.
  if (waits_for_others(reason)) until += clock_.wall_now() - facts.now;
  const Waited event{reason, decision.detail, until, facts.now};
  // Judged anew where a person has reset it meanwhile: what was concluded is of before that.
  const AttemptSteps::Condition noted = [&](JournalReader& reader, Incident& current) {
    return current.waiting_since == incident.waiting_since &&
           note_wait(current, facts, decision, reader);
  };
  // Judged again and again with the same outcome, it is told once.
  if (reason == incident.reason)
    return steps_.after(steps_.commit(incident, event, nullptr, noted));
  const DecisionRow row{facts.now, std::string(to_string(decision.verdict)), reason,
                        decision.detail, to_json(facts)};
  const auto committed = steps_.commit(incident, event, &row, noted);
  if (committed) {
    metrics_.decided(row.verdict, reason);
    log::info(decision.verdict == Verdict::wait ? "waiting" : "refused",
              {{"incident", std::to_string(incident.id)},
               {"host", incident.host},
               {"container", incident.container},
               {"reason", reason},
               {"detail", decision.detail}});
  }
  return steps_.after(committed);
}

// One writer serves all, so what is to be known of the others is read there only where it changes
// what is noted: by then another container of the service may have been healed, or reset.
bool AttemptRunner::note_wait(Incident& current, const Facts& facts, const Decision& decision,
                              JournalReader& reader) const {
  const auto settings = settings_.get();
  const bool for_service = is_for_service(facts, settings->guards.escalation);
  const Facts latest = for_service ? as_of_now(facts, current, reader, *settings) : facts;
  note_judged(current, latest, reader, settings->guards.escalation);
  return !for_service || decide(latest, settings->guards).reason == decision.reason;
}

Again AttemptRunner::act(DockerApi& docker, const Incident& incident, const Facts& facts,
                         const Decision& decision, const std::optional<EvidenceRow>& evidence) {
  Attempt attempt;
  attempt.action = to_string(decision.step.action);
  attempt.command = format_command(decision.step.command);
  attempt.verify_within = decision.step.timeout;
  if (decision.step.action == Action::service_update) {
    attempt.container_id = facts.service->id;
    attempt.started_before = facts.service->update_started_at;
  } else {
    attempt.container_id = facts.inspected->id;
    attempt.started_before = facts.inspected->started_at;
    attempt.stop_timeout =
        decision.step.action == Action::exec
            ? std::chrono::ceil<std::chrono::seconds>(settings_.get()->exec_timeout)
            : stop_timeout_of(*facts.inspected);
  }
  const DecisionRow row{facts.now, "act", "due", to_text(decision.step), to_json(facts)};
  // Others are judged at the same time, and people speak; what was begun or said since counts.
  const AttemptSteps::Condition still_due = [&](JournalReader& reader, Incident& current) {
    const auto settings = settings_.get();
    const Facts latest = as_of_now(facts, current, reader, *settings);
    note_judged(current, latest, reader, settings->guards.escalation);
    const Decision again = decide(latest, settings->guards);
    return again.verdict == Verdict::act && again.step == decision.step &&
           !NetworkSharers::is_following(reader, latest, settings->guards);
  };
  const auto started = steps_.commit(incident, AttemptStarted{attempt}, &row, still_due);
  if (!started) return steps_.after(started);
  metrics_.decided("act", "due");
  metrics_.attempt_started(*started, attempt.action);
  log::info("acting", {{"incident", std::to_string(incident.id)},
                       {"host", incident.host},
                       {"container", incident.container},
                       {"action", attempt.action},
                       {"attempt", std::to_string(started->attempts_used())}});
  if (evidence) evidence_keeper_.keep(*started, *evidence);
  return went(docker, *started, remedy_of(attempt.action).perform(docker, *started, clock_));
}

Again AttemptRunner::went(DockerApi& docker, const Incident& incident, const Effect& effect) {
  if (const auto* done = std::get_if<InEffect>(&effect)) return in_effect(docker, incident, *done);
  if (const auto* none = std::get_if<NoEffect>(&effect))
    return steps_.fail(incident, none->result, none->detail);
  if (std::holds_alternative<Over>(effect)) return steps_.stopped(incident);
  return not_yet(incident, std::get<NotYet>(effect));
}

bool AttemptRunner::waits_for_word(const Incident& incident, WallTime since) const {
  return clock_.wall_now() <= waits_until(since, hosts_.find(incident.host).back_at,
                                          verifier_.patience_with_docker(incident));
}

Again AttemptRunner::not_yet(const Incident& incident, const NotYet& effect) const {
  const Attempt& attempt = incident.attempts.back();
  if (effect.because.empty() ||
      waits_for_word(incident, attempt.requested_at + attempt.stop_timeout))
    return clock_.wall_now() + effect.look_again;
  const char* what = effect.ends_as == AttemptResult::unknown ? "whether it was done is not known: "
                                                              : "it is neither done nor put back: ";
  return steps_.fail(incident, effect.ends_as, what + effect.because);
}

// Others that live in its network come after it, before it is told that the action is done.
Again AttemptRunner::in_effect(DockerApi& docker, const Incident& incident,
                               const InEffect& effect) {
  const Acted event{effect.started};
  const Attempt& attempt = incident.attempts.back();
  if (effect.started == attempt.started_before) return steps_.after(steps_.commit(incident, event));
  const auto live = docker.inspect(remedy_of(attempt.action).patient(incident));
  const bool is_unknown = !live && live.error().kind != DockerFailureKind::not_found;
  if (is_unknown && waits_for_word(incident, std::max(attempt.requested_at, effect.started)))
    return clock_.wall_now() + kFaultPause;
  // Down again, it has no network that others could be in: its next attempt will see to them. What
  // Docker does not tell of it any more is for the proof to say.
  if (!live || !live->running()) return steps_.after(steps_.commit(incident, event));
  const auto followed =
      sharers_.follow(docker, incident, *live, hosts_.find(incident.host).back_at);
  if (followed.look_again) return clock_.wall_now() + *followed.look_again;
  if (followed.told.empty()) return steps_.after(steps_.commit(incident, event));
  const DecisionRow row = row_of(followed.told, clock_.wall_now());
  const auto committed = steps_.commit(incident, event, &row);
  if (!committed) return steps_.after(committed);
  for (const std::string& what : followed.told)
    log::info("shared network", {{"incident", std::to_string(incident.id)},
                                 {"host", incident.host},
                                 {"container", incident.container},
                                 {"detail", what}});
  return steps_.after(committed);
}

}  // namespace selfheal
