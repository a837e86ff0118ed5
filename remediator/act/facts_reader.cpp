#include "remediator/act/facts_reader.h"

#include "common/docker/healing_step.h"
#include "common/docker/swarm_task.h"
#include "remediator/act/own_container.h"
#include "remediator/act/policy.h"
#include "remediator/incident/target.h"

namespace selfheal {
namespace {

// What is down can only be started: where an alert asks for that, a newer one that asks for
// something else must not stand in its way.
void take_alert(Facts& facts, const Incident& incident) {
  const bool down = facts.inspected && !facts.inspected->running();
  const IncidentAlert* alert = down ? incident.newest_firing(to_string(Action::start)) : nullptr;
  if (alert == nullptr) alert = incident.newest_firing();
  if (alert == nullptr) return;
  facts.alertname = alert->alertname;
  facts.asked_action = alert->remediation;
  facts.last_delivery_at = alert->last_received_at;
}

}  // namespace

FactsReader::FactsReader(const DockerHosts& hosts, PrometheusApi* prometheus)
    : hosts_(hosts),
      prometheus_(prometheus),
      own_container_id_(container_id_from(container_traces())) {}

void take_incident(Facts& facts, const Incident& incident, const IncidentSettings& settings) {
  facts.lease_until = incident.lease_until;
  take_alert(facts, incident);
  facts.attempts_used = incident.attempts_used();
  facts.escalation = incident.escalation;
  facts.last_attempt_ended_at = incident.last_attempt_ended_at;
  facts.last_attempt_seen_healthy = incident.last_attempt_seen_healthy;
  facts.not_before = {};
  if (facts.last_attempt_ended_at && !facts.last_attempt_seen_healthy)
    facts.not_before = *facts.last_attempt_ended_at +
                       backoff_after(facts.attempts_used, *facts.last_attempt_ended_at, settings);
}

Facts facts_of_journal(const Incident& incident, Surroundings around, WallTime now,
                       const IncidentSettings& settings) {
  Facts facts;
  facts.now = now;
  facts.host = incident.host;
  facts.container = incident.container;
  facts.group = incident.group;
  facts.around = std::move(around);
  take_incident(facts, incident, settings);
  return facts;
}

Facts FactsReader::read(const Incident& incident, Surroundings around, WallTime now,
                        const IncidentSettings& settings) const {
  Facts facts = facts_of_journal(incident, std::move(around), now, settings);
  read_live(facts);
  take_alert(facts, incident);  // by what it is seen to do now
  read_policy_answer(facts);
  return facts;
}

void FactsReader::read_live(Facts& facts) const {
  const DockerHost host = hosts_.find(facts.host);
  facts.engine_host = host.engine_host;
  facts.engine_back_at = host.back_at;
  facts.host_fault = host.fault;
  facts.hosts_away = hosts_.away();
  if (!host.fault.empty()) return;
  if (!host.usable()) {
    facts.docker_failure = DockerFailure{DockerFailureKind::unreachable, host.away};
    return;
  }
  if (const auto service = service_of(facts.container))
    facts.service_name = *service;
  else
    read_container(*host.docker, facts);
  if (!facts.service_name.empty()) read_service(*host.docker, facts);
}

void FactsReader::read_container(DockerApi& docker, Facts& facts) const {
  DockerResult<ContainerDetails> inspected = docker.inspect(facts.container);
  if (!inspected) {
    facts.docker_failure = inspected.error();
    return;
  }
  // Docker also finds containers by the beginning of their id: only the name is meant.
  if (inspected->name != facts.container) {
    facts.docker_failure = DockerFailure{DockerFailureKind::not_found, "no container of that name"};
    return;
  }
  facts.is_self = is_own(inspected->id);
  facts.inspected = std::move(*inspected);
  facts.service_name = swarm_service(facts.inspected->labels);
}

void FactsReader::read_service(DockerApi& docker, Facts& facts) const {
  DockerResult<ServiceDetails> service = docker.inspect_service(facts.service_name);
  // Docker also finds services by the beginning of their id.
  if (service && service->name != facts.service_name)
    service = DockerFailure{DockerFailureKind::not_found, "no service of that name"};
  if (!service) {
    facts.service_failure = service.error();
    return;
  }
  DockerResult<std::vector<TaskDetails>> tasks = docker.tasks(service->id);
  if (!tasks) {
    facts.service_failure = tasks.error();
    return;
  }
  facts.service_labels = labels_of_service(*service);
  facts.service = std::move(*service);
  facts.tasks = std::move(*tasks);
  for (const TaskDetails& task : facts.tasks)
    if (is_own(task.container_id)) facts.is_self = true;
}

bool FactsReader::is_own(const std::string& container_id) const {
  return !own_container_id_.empty() && container_id.starts_with(own_container_id_);
}

void FactsReader::read_policy_answer(Facts& facts) const {
  if (prometheus_ == nullptr) return;
  PolicyQuestion question{facts.host, facts.container, facts.group};
  if (facts.inspected && facts.inspected->stop_timeout)
    question.stop_timeout = *facts.inspected->stop_timeout;
  Result<PolicyAnswer> answer = ask_policy(*prometheus_, question);
  facts.policy_source = answer ? PolicySource::answered : PolicySource::failed;
  if (answer)
    facts.policy = std::move(*answer);
  else
    facts.policy_failure = answer.error().message;
}

}  // namespace selfheal
