// Everything a decision is made from, read once (act/facts_reader) and stored with it. [pure]
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/base/clock.h"
#include "common/docker/docker_api.h"
#include "remediator/incident/pause.h"

namespace selfheal {

// What Prometheus says about one container right now.
struct PolicyAnswer {
  bool alerts_firing = false;      // ALERTS{alertstate="firing",remediation!=""} is there
  std::vector<std::string> holds;  // reasons of selfheal:hold, and "stopping"
};

enum class PolicySource {
  not_configured,  // no --prometheus.url: the remediator's own guards alone
  answered,
  failed,  // asked, and no answer that can be used
};

// An attempt on another container that has not been seen to work yet.
struct AttemptUnderWay {
  std::string host;
  std::string group;
  std::string container;
  WallTime requested_at;
  std::optional<WallTime> acted_at;  // nothing: Docker is at it; else it is being verified
  std::chrono::seconds stop_timeout{10};
};

// What the journal knows beside the incident itself.
struct Surroundings {
  std::vector<AttemptUnderWay> under_way;
  std::vector<WallTime> attempts_of_container;  // within kBudgetDay, since a person's reset
  std::vector<WallTime> attempts_of_host;       // within kBudgetHour
  std::vector<Pause> pauses;                    // in force, and they cover the container
};

struct Facts {
  WallTime now;
  // The alert's side.
  std::string host;
  std::string container;  // or a service, see incident/target.h
  std::string group;
  std::string alertname;     // of the newest that fires
  std::string asked_action;  // its label `remediation`
  WallTime lease_until;
  WallTime last_delivery_at;  // of a firing
  // The container's side.
  std::string engine_host;  // the name Docker itself gives; empty when it can't be had
  std::string host_fault;   // why no engine is that host's, by the configuration; empty: one is
  std::optional<ContainerDetails> inspected;
  std::optional<DockerFailure> docker_failure;  // why there is no `inspected`
  // The service that the incident is about, of which there is no `inspected`, or the one that the
  // container is a task of. It is what is acted on where its update is the step that is due
  // (is_for_service()); what people and labels say of it holds for its tasks in any case.
  std::string service_name;  // empty: the container is of none
  std::optional<ServiceDetails> service;
  std::optional<DockerFailure> service_failure;  // why there is no `service`
  std::vector<TaskDetails> tasks;                // that the service wants to run
  Labels service_labels;                         // labels_of_service() of it
  bool is_self = false;
  // When Docker answered again after it had been away; nothing when it has not been.
  std::optional<WallTime> engine_back_at;
  // The policy's side.
  PolicySource policy_source = PolicySource::not_configured;
  PolicyAnswer policy;
  std::string policy_failure;
  // What was tried before.
  int attempts_used = 0;
  int escalation = 0;  // of these, how many did not help
  std::optional<WallTime> last_attempt_ended_at;
  bool last_attempt_seen_healthy = false;
  WallTime not_before;  // the backoff's end
  Surroundings around;
  std::vector<std::string> hosts_away;  // whose engines don't answer, or are not who they should be

  // What its owner has said, by labels, on what is to be acted on; none where nothing is known.
  const Labels& labels() const;
};

// The labels that count for a service: its own, which can be changed while it runs, over those that
// its containers carry; but a "none" for an action stands wherever it is said. Brakes too, which
// are not looked up here: brake_is_set() asks both.
Labels labels_of_service(const ServiceDetails& service);

// For the journal and `explain`: one line of JSON.
std::string to_json(const Facts& facts);

}  // namespace selfheal
