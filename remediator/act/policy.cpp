#include "remediator/act/policy.h"

#include "remediator/incident/target.h"

namespace selfheal {

std::string policy_query(const std::string& host, const std::string& target,
                         const std::string& group) {
  const auto service = service_of(target);
  if (!service)
    return "ALERTS" + container_selector(host, target, R"(alertstate="firing",remediation!="")") +
           " or selfheal:hold" + container_selector(host, target);
  const std::string of_host = "host=" + promql_string(host);
  const std::string hold = "selfheal:hold{" + of_host + ",group=" + promql_string(group);
  return R"(ALERTS{alertstate="firing",remediation="service-update",)" + of_host +
         ",service=" + promql_string(*service) + "} or " + hold +
         R"(,reason!~"last_healthy_member|storm"} or )" + hold +
         R"(,reason="storm"} unless on (host, group) selfheal:storm_canary)";
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
                                const std::string& target, const std::string& group) {
  const Result<std::vector<PromSample>> samples =
      prometheus.query(policy_query(host, target, group));
  if (!samples) return samples.error();
  return read_policy(*samples);
}

}  // namespace selfheal
