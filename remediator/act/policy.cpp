#include "remediator/act/policy.h"

#include <algorithm>

#include "remediator/incident/target.h"

namespace selfheal {
namespace {

// For as long the stop of a container is waited for: as `docker stop` has it, which kills after ten
// seconds, unless it is told otherwise.
constexpr const char* kStopPatience = "60";

}  // namespace

std::string policy_query(const std::string& host, const std::string& target,
                         const std::string& group) {
  const auto service = service_of(target);
  if (!service)
    return "ALERTS" + container_selector(host, target, R"(alertstate="firing",remediation!="")") +
           " or selfheal:hold" + container_selector(host, target) +
           " or label_replace(time() - selfheal_container_stop_requested_timestamp_seconds" +
           container_selector(host, target) + " <= " + kStopPatience +
           R"(, "reason", "stopping", "", ""))";
  const std::string of_host = "host=" + promql_string(host);
  const std::string hold = "selfheal:hold{" + of_host + ",group=" + promql_string(group);
  return R"(ALERTS{alertstate="firing",remediation="service-update",)" + of_host +
         ",service=" + promql_string(*service) + "} or " + hold +
         R"(,reason!~"last_healthy_member|stopping|storm"} or )" + hold +
         R"(,reason="storm"} unless on (host, group) selfheal:storm_canary)";
}

PolicyAnswer read_policy(const std::vector<PromSample>& samples) {
  PolicyAnswer answer;
  for (const PromSample& sample : samples) {
    const auto name = sample.labels.find("__name__");
    if (name != sample.labels.end() && name->second == "ALERTS") {
      answer.alerts_firing = true;
      continue;
    }
    const auto reason = sample.labels.find("reason");
    const std::string hold = reason == sample.labels.end() ? "unnamed" : reason->second;
    if (std::find(answer.holds.begin(), answer.holds.end(), hold) == answer.holds.end())
      answer.holds.push_back(hold);
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
