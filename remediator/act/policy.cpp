#include "remediator/act/policy.h"

namespace selfheal {

std::string policy_query(const std::string& host, const std::string& container) {
  return "ALERTS" + container_selector(host, container, R"(alertstate="firing",remediation!="")") +
         " or selfheal:hold" + container_selector(host, container);
}

PolicyAnswer read_policy(const std::vector<PromSample>& samples) {
  PolicyAnswer answer;
  for (const PromSample& sample : samples) {
    const auto name = sample.labels.find("__name__");
    if (name == sample.labels.end()) continue;
    if (name->second == "ALERTS") {
      answer.alerts_firing = true;
    } else {
      const auto reason = sample.labels.find("reason");
      answer.holds.push_back(reason == sample.labels.end() ? "unnamed" : reason->second);
    }
  }
  return answer;
}

Result<PolicyAnswer> ask_policy(PrometheusApi& prometheus, const std::string& host,
                                const std::string& container) {
  const Result<std::vector<PromSample>> samples = prometheus.query(policy_query(host, container));
  if (!samples) return samples.error();
  return read_policy(*samples);
}

}  // namespace selfheal
