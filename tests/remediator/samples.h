// Alerts, incidents and facts as tests begin with them.
#pragma once

#include <string>

#include "remediator/decision/facts.h"
#include "remediator/incident/incident.h"
#include "tests/support/manual_clock.h"

namespace selfheal {

inline constexpr WallTime kNow = ManualClock::kStart;

inline AlertFired fired(WallTime starts_at, WallTime received_at = kNow,
                        const std::string& fingerprint = "f1") {
  return AlertFired{
      {fingerprint, starts_at, "ProbeFailing", "restart", true, received_at, received_at},
      "shop/web"};
}

// Just opened by a failure that began 3 s ago.
inline Incident waiting_incident(const IncidentSettings& settings = {}) {
  return open_incident("box", "web", fired(kNow - std::chrono::seconds(3)), nullptr, kNow,
                       settings);
}

inline AttemptStarted attempt_on(const std::string& id = "id-of-web") {
  Attempt attempt;
  attempt.action = "restart";
  attempt.container_id = id;
  attempt.started_before = kNow - std::chrono::hours(1);
  return AttemptStarted{attempt};
}

// An attempt on another container, which Docker is at.
inline AttemptUnderWay under_way(const std::string& group, const std::string& container) {
  AttemptUnderWay attempt;
  attempt.host = "box";
  attempt.group = group;
  attempt.container = container;
  attempt.requested_at = kNow;
  return attempt;
}

// What nothing objects to: a restart of a running container that opted in.
inline Facts good_facts() {
  Facts facts;
  facts.now = kNow;
  facts.host = facts.engine_host = "box";
  facts.container = "web";
  facts.group = "shop/web";
  facts.asked_action = "restart";
  facts.lease_until = kNow + std::chrono::seconds(45);
  facts.last_delivery_at = kNow;
  facts.policy_source = PolicySource::answered;
  facts.policy.alerts_firing = true;
  ContainerDetails details;
  details.id = "id-of-web";
  details.name = "web";
  details.state = ContainerState::running;
  details.labels = {{"selfheal.enable", "true"}};
  details.started_at = kNow - std::chrono::hours(1);
  facts.inspected = details;
  return facts;
}

}  // namespace selfheal
