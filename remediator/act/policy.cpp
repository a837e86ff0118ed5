#include "remediator/act/policy.h"

#include <algorithm>

#include "remediator/incident/target.h"

namespace selfheal {
namespace {

// A stop ends by SIGKILL after its timeout, but who asked for it may have given it a longer one.
constexpr std::chrono::seconds kStopAtLeast{60};
constexpr std::chrono::seconds kStopSlack{10};

// Prometheus ends what fires no longer, but not over its own restart: then the last word of before
// would be there for five minutes more. The rules read it for as long (selfheal-machine.rules.yml).
std::string alerts_now(const std::string& selector) {
  return "ALERTS" + selector + " and last_over_time(ALERTS" + selector + "[20s])";
}

std::string query_of_container(const PolicyQuestion& question) {
  const std::string selector = container_selector(question.host, question.target);
  const auto patience = std::max(kStopAtLeast, question.stop_timeout + kStopSlack);
  return alerts_now(container_selector(question.host, question.target,
                                       R"(alertstate="firing",remediation!="")")) +
         " or selfheal:hold" + selector +
         " or label_replace(time() - selfheal_container_stopping_since_timestamp_seconds" +
         selector + " <= " + std::to_string(patience.count()) +
         R"(, "reason", "stopping", "", ""))";
}

std::string query_of_service(const PolicyQuestion& question, const std::string& service) {
  const std::string of_host = "host=" + promql_string(question.host);
  const std::string hold = "selfheal:hold{" + of_host + ",group=" + promql_string(question.group);
  return alerts_now(R"({alertstate="firing",remediation="service-update",)" + of_host +
                    ",service=" + promql_string(service) + "}") +
         " or " + hold + R"(,reason!~"last_healthy_member|stopping|storm"} or )" + hold +
         R"(,reason="storm"} unless on (host, group) selfheal:storm_canary)";
}

}  // namespace

std::string policy_query(const PolicyQuestion& question) {
  const auto service = service_of(question.target);
  return service ? query_of_service(question, *service) : query_of_container(question);
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

Result<PolicyAnswer> ask_policy(PrometheusApi& prometheus, const PolicyQuestion& question) {
  const Result<std::vector<PromSample>> samples = prometheus.query(policy_query(question));
  if (!samples) return samples.error();
  return read_policy(*samples);
}

}  // namespace selfheal
