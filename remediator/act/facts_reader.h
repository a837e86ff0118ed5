// Reads the Facts of one decision, once: Docker, Prometheus, and what the journal knows: the
// incident itself and its surroundings, both given by the caller. Safe from any thread; blocks for
// the calls' deadlines at most.
#pragma once

#include <string>
#include <vector>

#include "remediator/act/docker_hosts.h"
#include "remediator/act/prometheus_client.h"
#include "remediator/decision/facts.h"
#include "remediator/incident/incident.h"

namespace selfheal {

// [pure] What the incident says, into the facts: its alert, its attempts, how far they went.
void take_incident(Facts& facts, const Incident& incident, const IncidentSettings& settings);
// [pure] What the journal knows: all but the container's side and the policy's.
Facts facts_of_journal(const Incident& incident, Surroundings around, WallTime now,
                       const IncidentSettings& settings);

class FactsReader {
 public:
  // `prometheus` may be null: then the guards work without the policy's answer.
  FactsReader(const DockerHosts& hosts, PrometheusApi* prometheus);

  // Of a container that is a task of a service, that service too.
  Facts read(const Incident& incident, Surroundings around, WallTime now,
             const IncidentSettings& settings) const;

  // Whether that is the container that this process runs in.
  bool is_own(const std::string& container_id) const;

 private:
  void read_live(Facts& facts) const;
  void read_container(DockerApi& docker, Facts& facts) const;
  void read_service(DockerApi& docker, Facts& facts) const;
  void read_policy_answer(Facts& facts) const;

  const DockerHosts& hosts_;
  PrometheusApi* prometheus_;
  const std::string own_container_id_;  // or its beginning
};

}  // namespace selfheal
