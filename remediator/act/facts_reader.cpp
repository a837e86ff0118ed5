#include "remediator/act/facts_reader.h"

#include "remediator/act/own_container.h"
#include "remediator/act/policy.h"

namespace selfheal {

FactsReader::FactsReader(DockerApi& docker, PrometheusApi* prometheus, const EngineWatch& engine)
    : docker_(docker),
      prometheus_(prometheus),
      engine_(engine),
      own_container_id_(container_id_from(container_traces())) {}

Facts facts_of_journal(const Incident& incident, Surroundings around, WallTime now,
                       const IncidentSettings& settings) {
  Facts facts;
  facts.now = now;
  facts.host = incident.host;
  facts.container = incident.container;
  facts.group = incident.group;
  facts.around = std::move(around);
  facts.lease_until = incident.lease_until;
  if (const IncidentAlert* alert = incident.newest_firing()) {
    facts.alertname = alert->alertname;
    facts.asked_action = alert->remediation;
    facts.last_delivery_at = alert->last_received_at;
  }
  facts.attempts_used = incident.attempts_used();
  facts.escalation = incident.escalation;
  facts.last_attempt_ended_at = incident.last_attempt_ended_at;
  facts.last_attempt_seen_healthy = incident.last_attempt_seen_healthy;
  if (facts.last_attempt_ended_at && !facts.last_attempt_seen_healthy)
    facts.not_before = *facts.last_attempt_ended_at +
                       backoff_after(facts.attempts_used, *facts.last_attempt_ended_at, settings);
  return facts;
}

Facts FactsReader::read(const Incident& incident, Surroundings around, WallTime now,
                        const IncidentSettings& settings) const {
  Facts facts = facts_of_journal(incident, std::move(around), now, settings);
  read_container(facts);
  read_policy_answer(facts);
  return facts;
}

void FactsReader::read_container(Facts& facts) const {
  facts.engine_host = engine_.host();
  facts.engine_back_at = engine_.back_at();
  if (facts.engine_host.empty()) {
    facts.docker_failure =
        DockerFailure{DockerFailureKind::unreachable, "Docker has not answered yet"};
    return;
  }
  DockerResult<ContainerDetails> inspected = docker_.inspect(facts.container);
  if (!inspected) {
    facts.docker_failure = inspected.error();
    return;
  }
  // Docker also finds containers by the beginning of their id: only the name is meant.
  if (inspected->name != facts.container) {
    facts.docker_failure = DockerFailure{DockerFailureKind::not_found, "no container of that name"};
    return;
  }
  facts.is_self = !own_container_id_.empty() && inspected->id.starts_with(own_container_id_);
  facts.inspected = std::move(*inspected);
}

void FactsReader::read_policy_answer(Facts& facts) const {
  if (prometheus_ == nullptr) return;
  Result<PolicyAnswer> answer = ask_policy(*prometheus_, facts.host, facts.container);
  facts.policy_source = answer ? PolicySource::answered : PolicySource::failed;
  if (answer)
    facts.policy = std::move(*answer);
  else
    facts.policy_failure = answer.error().message;
}

}  // namespace selfheal
