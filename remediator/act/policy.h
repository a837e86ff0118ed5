// What Prometheus' rules say about a container, or a service, right now: whether its alerts fire,
// and its holds. Asked right before every attempt, in one query.
//
// A container that is being stopped is held here whatever was wrong with it before. The rules don't
// say so of what was broken already, since the stop may be that of an attempt; but while one is
// decided on none is under way, so most likely a person has asked for it. As far as Prometheus
// knows, from its last scrape, and for as long as a stop takes: a signal may be ignored.
//
// A service is held by what holds any container of its group: dependencies, crash loops. But not by
// last_healthy_member: that one is left running is up to how the service is updated. Nor by
// stopping, for an update stops one task after another, nor by a storm whose canary is one of its
// containers: an update is how that one is tried.
#pragma once

#include <chrono>
#include <string>

#include "remediator/act/prometheus_client.h"
#include "remediator/decision/facts.h"

namespace selfheal {

struct PolicyQuestion {
  std::string host;
  std::string target;  // see incident/target.h
  std::string group;
  std::chrono::seconds stop_timeout{10};  // the container's
};

Result<PolicyAnswer> ask_policy(PrometheusApi& prometheus, const PolicyQuestion& question);

// [pure] The query, and its answer.
std::string policy_query(const PolicyQuestion& question);
PolicyAnswer read_policy(const std::vector<PromSample>& samples);

}  // namespace selfheal
