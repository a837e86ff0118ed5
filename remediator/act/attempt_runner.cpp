#include "remediator/act/attempt_runner.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "common/base/log.h"

namespace selfheal {
namespace {

// How soon to look again: at a container that is being restarted, and after what did not answer.
constexpr Milliseconds kEffectPause{200};
constexpr Milliseconds kFaultPause{1000};
constexpr Milliseconds kLongestDebtPause{30'000};
// After its stop timeout Docker kills, which takes a moment; past that nothing is under way any
// more.
constexpr std::chrono::seconds kEffectMargin{5};
// Docker waits for up to 10 s after SIGKILL (docker-api.md).
constexpr std::chrono::seconds kStopMargin{15};

bool is_definite(DockerFailureKind kind) {
  switch (kind) {
    case DockerFailureKind::not_found:
    case DockerFailureKind::conflict:
    case DockerFailureKind::refused:
    case DockerFailureKind::unavailable:
    case DockerFailureKind::failed:
      return true;
    default:
      return false;
  }
}

std::string id_text(const Incident& incident) {
  return std::to_string(incident.id);
}

std::string seconds_text(std::chrono::duration<double> duration) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.3f", duration.count());
  return text.data();
}

// Whether the container's end lies in the time that the action had for it. Later ones are a
// person's.
bool stopped_by(const Attempt& attempt, const ContainerDetails& live) {
  if (!live.finished_at) return true;
  return *live.finished_at >= attempt.requested_at &&
         *live.finished_at <= attempt.requested_at + attempt.stop_timeout + kStopMargin;
}

// When the failure that the last attempt answers was first told of.
WallTime accepted_at(const Incident& incident) {
  WallTime accepted = incident.opened_at;
  for (const IncidentAlert& alert : incident.alerts)
    if (alert.first_received_at <= incident.attempts.back().requested_at)
      accepted = std::max(accepted, alert.first_received_at);
  return accepted;
}

}  // namespace

AttemptRunner::AttemptRunner(Journal& journal, DockerApi& docker, PrometheusApi* prometheus,
                             const FactsReader& facts_reader, const StepRecorder& recorder,
                             const CurrentSettings& settings, RemediationMetrics& metrics,
                             const Clock& clock)
    : journal_(journal),
      docker_(docker),
      prometheus_(prometheus),
      facts_reader_(facts_reader),
      evidence_keeper_(journal, docker, prometheus, clock),
      recorder_(recorder),
      settings_(settings),
      metrics_(metrics),
      clock_(clock) {}

std::optional<Incident> AttemptRunner::commit(const Incident& incident, const IncidentEvent& event,
                                              const DecisionRow* decision,
                                              const Condition& only_if) {
  std::optional<Incident> committed;
  StepRecorder::Step step;
  const auto written = journal_.write([&](JournalWriter& writer) {
    step = {};
    committed = writer.incident(incident.id);
    if (!committed || (only_if && !only_if(writer))) return;
    step = recorder_.take(writer, *committed, event, clock_.wall_now());
    if (step.fits && decision != nullptr) writer.add_decision(incident.id, *decision);
  });
  if (!written || !step.fits) return std::nullopt;
  recorder_.committed(step);
  return committed;
}

// Where nothing was committed, the journal may be in trouble: not at once again.
AttemptRunner::Again AttemptRunner::after(const std::optional<Incident>& committed) const {
  if (committed) return std::nullopt;
  return clock_.wall_now() + kFaultPause;
}

AttemptRunner::Again AttemptRunner::step(int64_t incident_id) {
  std::optional<Incident> incident;
  Surroundings around;
  const auto read = journal_.read([&](JournalReader& reader) {
    incident = reader.incident(incident_id);
    if (incident && incident->state == IncidentState::waiting)
      around = reader.surroundings(*incident, clock_.wall_now());
  });
  if (!read) return clock_.wall_now() + kFaultPause;
  if (!incident) return std::nullopt;
  switch (incident->state) {
    case IncidentState::waiting:
      return judge(*incident, std::move(around));
    case IncidentState::acting:
      return look_at_effect(*incident);
    case IncidentState::verifying:
      return verify(*incident);
    case IncidentState::closed:
      break;
  }
  return std::nullopt;
}

AttemptRunner::Again AttemptRunner::judge(const Incident& incident, Surroundings around) {
  const auto settings = settings_.get();
  const WallTime now = clock_.wall_now();
  if (lived_too_long(incident, now, settings->incident)) {
    log::warn("incident expired", {{"incident", id_text(incident)},
                                   {"container", incident.container},
                                   {"waited_for", incident.reason},
                                   {"detail", incident.detail}});
    return after(commit(incident, LivedTooLong{}));
  }
  if (const auto busy = still_busy(incident, around, now)) return busy;
  Facts facts = facts_reader_.read(incident, std::move(around), now, settings->incident);
  Decision decision = decide(facts, settings->guards);
  std::optional<EvidenceRow> evidence;
  if (decision.verdict == Verdict::act && settings->evidence.enabled) {
    evidence = evidence_keeper_.look(incident, *facts.inspected, settings->evidence);
    // Somebody may have stopped it meanwhile, or policy hold it.
    facts = facts_reader_.read(incident, std::move(facts.around), clock_.wall_now(),
                               settings->incident);
    decision = decide(facts, settings->guards);
  }
  if (decision.verdict == Verdict::act) return act(incident, facts, decision, evidence);
  return wait(incident, facts, decision);
}

// Many may wait for the others' attempts, and each asks every second: of the journal alone. In full
// they are judged when the others are done, and seldom in between, since the container and the
// policy change too.
AttemptRunner::Again AttemptRunner::still_busy(const Incident& incident, const Surroundings& around,
                                               WallTime now) const {
  const auto settings = settings_.get();
  if (!waits_for_others(incident.reason) || now > incident.lease_until ||
      now - incident.next_at >= settings->guards.judge_refused)
    return std::nullopt;
  const Facts facts = facts_of_journal(incident, around, now, settings->incident);
  const Objection busy = object_for_others(facts, settings->guards);
  return busy ? Again(busy->until) : std::nullopt;
}

AttemptRunner::Again AttemptRunner::wait(const Incident& incident, const Facts& facts,
                                         const Decision& decision) {
  const std::string reason(to_string(decision.reason));
  WallTime until = decision.until;
  // A short pause, and the calls before it can have taken longer: it begins after them.
  if (waits_for_others(reason)) until += clock_.wall_now() - facts.now;
  const Waited event{reason, decision.detail, until, facts.now};
  // Judged again and again with the same outcome, it is told once.
  if (reason == incident.reason) return after(commit(incident, event));
  const DecisionRow row{facts.now, std::string(to_string(decision.verdict)), reason,
                        decision.detail, to_json(facts)};
  const auto committed = commit(incident, event, &row);
  if (committed) {
    metrics_.decided(row.verdict, reason);
    log::info(decision.verdict == Verdict::wait ? "waiting" : "refused",
              {{"incident", id_text(incident)},
               {"host", incident.host},
               {"container", incident.container},
               {"reason", reason},
               {"detail", decision.detail}});
  }
  return after(committed);
}

AttemptRunner::Again AttemptRunner::act(const Incident& incident, const Facts& facts,
                                        const Decision& decision,
                                        const std::optional<EvidenceRow>& evidence) {
  Attempt attempt;
  attempt.action = to_string(decision.action);
  attempt.container_id = facts.inspected->id;
  attempt.started_before = facts.inspected->started_at;
  attempt.stop_timeout = stop_timeout_of(*facts.inspected);
  const DecisionRow row{facts.now, "act", "due", attempt.action, to_json(facts)};
  // Others are judged at the same time, and people speak; what was begun or said since counts.
  const Condition still_due = [&](JournalReader& reader) {
    Facts latest = facts;
    latest.around = reader.surroundings(incident, facts.now);
    return decide(latest, settings_.get()->guards).verdict == Verdict::act;
  };
  const auto started = commit(incident, AttemptStarted{attempt}, &row, still_due);
  if (!started) return after(started);
  metrics_.decided("act", "due");
  metrics_.attempt_started(*started, attempt.action);
  log::info("acting", {{"incident", id_text(incident)},
                       {"host", incident.host},
                       {"container", incident.container},
                       {"action", attempt.action},
                       {"attempt", std::to_string(started->attempts_used())}});
  if (evidence) evidence_keeper_.keep(*started, *evidence);
  const DockerResult<Done> done = call_docker(attempt, decision.action);
  if (!done) {
    log::warn("Docker did not confirm the action", {{"incident", id_text(incident)},
                                                    {"container", incident.container},
                                                    {"action", attempt.action},
                                                    {"err", done.error().message}});
    // What Docker says no to has not happened, unless the container tells otherwise.
    if (is_definite(done.error().kind)) {
      const auto live = docker_.inspect(attempt.container_id);
      const bool untouched = live && live->started_at == attempt.started_before &&
                             (live->running() || decision.action == Action::start);
      if (untouched) return fail(*started, AttemptResult::action_failed, done.error().message);
    }
  }
  return look_at_effect(*started);
}

// A kill is over when what it left down has been started: look_at_effect() does that.
DockerResult<Done> AttemptRunner::call_docker(const Attempt& attempt, Action action) {
  switch (action) {
    case Action::restart:
      return docker_.restart(attempt.container_id, attempt.stop_timeout);
    case Action::kill:
      return docker_.kill(attempt.container_id);
    case Action::start:
      break;
  }
  return docker_.start(attempt.container_id);
}

AttemptRunner::Again AttemptRunner::look_at_effect(const Incident& incident) {
  const Attempt& attempt = incident.attempts.back();
  const WallTime now = clock_.wall_now();
  const auto live = docker_.inspect(attempt.container_id);
  if (!live) {
    if (live.error().kind == DockerFailureKind::not_found)
      return fail(incident, AttemptResult::container_gone, "the container was removed");
    return now + kFaultPause;
  }
  if (live->started_at && live->started_at != attempt.started_before)
    return after(commit(incident, Acted{*live->started_at}));
  const bool down = live->state == ContainerState::exited || live->state == ContainerState::dead;
  if (down && attempt.action != "start") {
    if (stopped_by(attempt, *live)) return start_what_was_left_stopped(incident);
    return fail(incident, AttemptResult::no_effect, "somebody or something else has stopped it");
  }
  if (now < attempt.requested_at + attempt.stop_timeout + kEffectMargin) return now + kEffectPause;
  return fail(incident, AttemptResult::no_effect, "Docker was asked for it and did not do it");
}

// Our own debt: an unfinished restart stopped it. It needs no lease and no guard, and it is not
// given up: nobody else would start it, since it looks like stopped by hand.
AttemptRunner::Again AttemptRunner::start_what_was_left_stopped(const Incident& incident) {
  const Attempt& attempt = incident.attempts.back();
  const DockerResult<Done> started = docker_.start(attempt.container_id);
  if (started) return clock_.wall_now();
  log::warn("a container that an unfinished restart left stopped can't be started yet",
            {{"incident", id_text(incident)},
             {"container", incident.container},
             {"err", started.error().message}});
  const WallTime now = clock_.wall_now();
  const auto since = std::chrono::duration_cast<Milliseconds>(now - attempt.requested_at);
  return now + std::clamp(since / 2, kEffectPause, kLongestDebtPause);
}

AttemptRunner::Again AttemptRunner::verify(const Incident& incident) {
  const auto settings = settings_.get();
  const Attempt& attempt = incident.attempts.back();
  const auto live = docker_.inspect(attempt.container_id);
  const WallTime now = clock_.wall_now();
  if (!live) {
    if (live.error().kind == DockerFailureKind::not_found)
      return fail(incident, AttemptResult::container_gone, "the container was removed");
    if (now > *attempt.acted_at + settings->verification.timeout)
      return fail(incident, AttemptResult::not_healthy, live.error().message);
    return now + kFaultPause;
  }
  if (live->started_at != attempt.started_after)
    return fail(incident, AttemptResult::restarted_again,
                "somebody or something else restarted the container");
  if (live->state == ContainerState::exited || live->state == ContainerState::dead)
    return fail(incident, AttemptResult::not_healthy,
                "the container has exited with status " + std::to_string(live->exit_code));
  const HealthAnswer answer =
      prometheus_ == nullptr
          ? docker_health(*live, *attempt.started_after, now, settings->verification)
          : ask_health(*prometheus_, incident.host, *live, *attempt.started_after, now,
                       settings->verification);
  if (answer.health == Health::proven) return recovered(incident, now);
  if (answer.health == Health::seen_healthy && !attempt.seen_healthy_at)
    commit(incident, SeenHealthy{});
  if (now > *attempt.acted_at + verification_time(live->labels, settings->verification))
    return fail(incident, AttemptResult::not_healthy, answer.detail);
  return now + settings->verification.poll_interval;
}

AttemptRunner::Again AttemptRunner::recovered(const Incident& incident, WallTime now) {
  const auto closed = commit(incident, Verified{});
  if (!closed) return after(closed);
  const auto took = now - accepted_at(incident);
  metrics_.attempt_verified(incident.attempts.back().action, took);
  log::info("recovered", {{"incident", id_text(incident)},
                          {"host", incident.host},
                          {"container", incident.container},
                          {"action", incident.attempts.back().action},
                          {"attempts", std::to_string(incident.attempts.size())},
                          {"seconds", seconds_text(took)}});
  return std::nullopt;
}

AttemptRunner::Again AttemptRunner::fail(const Incident& incident, AttemptResult result,
                                         const std::string& detail) {
  const auto failed = commit(incident, AttemptFailed{result, detail});
  if (failed) {
    const std::string action = incident.attempts.back().action;
    // A container that was replaced meanwhile is a deployment, and nobody's failure.
    if (result != AttemptResult::container_gone)
      metrics_.attempt_failed(incident, action, to_string(result));
    log::warn("attempt failed", {{"incident", id_text(incident)},
                                 {"host", incident.host},
                                 {"container", incident.container},
                                 {"action", action},
                                 {"reason", std::string(to_string(result))},
                                 {"detail", detail},
                                 {"outcome", std::string(to_string(failed->outcome))}});
  }
  return after(failed);
}

}  // namespace selfheal
