// What Prometheus' rules say about a container right now: whether its alerts fire, and its holds.
// Asked right before every attempt, in one query.
#pragma once

#include <string>

#include "remediator/act/prometheus_client.h"
#include "remediator/decision/facts.h"

namespace selfheal {

Result<PolicyAnswer> ask_policy(PrometheusApi& prometheus, const std::string& host,
                                const std::string& container);

// [pure] The query, and its answer.
std::string policy_query(const std::string& host, const std::string& container);
PolicyAnswer read_policy(const std::vector<PromSample>& samples);

}  // namespace selfheal
