// Whether the update of a service worked. The manager has to say that it is complete, and that all
// tasks that the service wants are of it and run; then Prometheus that the probes of all their
// containers pass, where those are watched, and else the time that they have run for.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "remediator/act/verification.h"
#include "remediator/incident/incident.h"

namespace selfheal {

using Tasks = std::vector<TaskDetails>;

// [pure] Why the update will not complete; nothing while it may.
std::optional<std::string> failed_update(const ServiceDetails& service);

// [pure] By the manager alone.
HealthAnswer manager_health(const ServiceDetails& service, const Tasks& tasks, WallTime now,
                            const VerificationSettings& settings);

// By Prometheus. Containers are on many hosts, each of which has to have an exporter. A query of a
// person's has {{host}} and, as {{container}}, the service's name.
HealthAnswer ask_service_health(PrometheusApi& prometheus, const std::string& host,
                                const ServiceDetails& service, const Tasks& tasks, WallTime now,
                                const VerificationSettings& settings);

// [pure] When the verdict is due: a while after the last thing that went on, since an update takes
// as long as the service has tasks; but not put off for ever by tasks that come and go.
WallTime verdict_due_at(const Attempt& attempt, const ServiceDetails& service, const Tasks& tasks,
                        const VerificationSettings& settings);

// [pure] The queries: one sample when it is so of the containers of all tasks. A task's container
// has a name that no other ever had, so nothing of before the update can be meant.
std::string service_proven_query(const ServiceDetails& service, const Tasks& tasks,
                                 const VerificationSettings& settings);
std::string service_seen_healthy_query(const ServiceDetails& service, const Tasks& tasks);

}  // namespace selfheal
