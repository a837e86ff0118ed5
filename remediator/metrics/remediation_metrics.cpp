#include "remediator/metrics/remediation_metrics.h"

#include "common/base/program.h"

namespace selfheal {
namespace {

// From a start that takes no time to the longest a verification may take with a slow start before.
const prometheus::Histogram::BucketBoundaries kAttemptBuckets{1,  2.5, 5,  10,  15,
                                                              20, 30,  60, 120, 300};
// An inspect takes 0.2 ms, a restart of what ignores SIGTERM ten seconds and more.
const prometheus::Histogram::BucketBoundaries kCallBuckets{0.0005, 0.001, 0.005, 0.025, 0.1,
                                                           0.5,    1,     2.5,   10,    30};

prometheus::Family<prometheus::Counter>& counter(prometheus::Registry& registry, const char* name,
                                                 const char* help) {
  return prometheus::BuildCounter().Name(name).Help(help).Register(registry);
}

prometheus::Family<prometheus::Gauge>& gauge(prometheus::Registry& registry, const char* name,
                                             const char* help) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(registry);
}

prometheus::Labels of_container(const Incident& incident, std::string_view action) {
  return {{"host", incident.host},
          {"container", incident.container},
          {"group", incident.group},
          {"action", std::string(action)}};
}

}  // namespace

RemediationMetrics::RemediationMetrics()
    : webhook_requests_(counter(registry_, "selfheal_remediator_webhook_requests_total",
                                "Webhook requests by the status code of the answer.")),
      alerts_received_(counter(registry_, "selfheal_remediator_alerts_received_total",
                               "Alerts in accepted webhooks, by their status.")),
      decisions_(counter(registry_, "selfheal_remediator_decisions_total",
                         "Decisions about incidents, each counted when it differs from the last.")),
      attempts_(counter(registry_, "selfheal_remediator_attempts_total",
                        "Attempts to heal a container, counted before Docker is asked.")),
      attempt_failures_(counter(registry_, "selfheal_remediator_attempt_failures_total",
                                "Attempts that did not end with a verified recovery.")),
      attempt_duration_(prometheus::BuildHistogram()
                            .Name("selfheal_remediator_attempt_duration_seconds")
                            .Help("Time from the accepted webhook to the verified recovery.")
                            .Register(registry_)),
      docker_call_duration_(prometheus::BuildHistogram()
                                .Name("selfheal_remediator_docker_call_duration_seconds")
                                .Help("Duration of calls to the Docker API.")
                                .Register(registry_)),
      outcomes_(counter(registry_, "selfheal_remediator_outcomes_total",
                        "What there was to tell people: how attempts ended, what was not done.")),
      outcome_posts_failed_(counter(registry_, "selfheal_remediator_outcome_posts_failed_total",
                                    "Posts of an outcome that an Alertmanager did not take.")
                                .Add({})),
      alerts_truncated_(
          counter(registry_, "selfheal_remediator_alerts_truncated_total",
                  "Alerts that Alertmanager left out of webhooks (set max_alerts to 0).")
              .Add({})),
      watchdog_last_seen_(gauge(registry_,
                                "selfheal_remediator_watchdog_last_seen_timestamp_seconds",
                                "When the Watchdog alert came last, 0 before the first.")
                              .Add({})),
      reload_successful_(gauge(registry_, "selfheal_remediator_config_last_reload_successful",
                               "Whether the last reload of the configuration worked.")
                             .Add({})),
      reload_success_time_(gauge(registry_,
                                 "selfheal_remediator_config_last_reload_success_timestamp_seconds",
                                 "When the configuration was last loaded.")
                               .Add({})) {
  gauge(registry_, "selfheal_remediator_build_info", "What was built.")
      .Add({{"version", version()}, {"compiler", __VERSION__}})
      .Set(1);
  for (const char* status : {"firing", "resolved"}) alerts_received_.Add({{"status", status}});
  webhook_requests_.Add({{"code", "200"}});
  for (const OutcomeKind kind : kOutcomeKinds)
    outcomes_.Add({{"outcome", std::string(to_string(kind))}});
}

void RemediationMetrics::webhook_request(int status) {
  webhook_requests_.Add({{"code", std::to_string(status)}}).Increment();
}

void RemediationMetrics::alerts_received(std::string_view status, uint64_t count) {
  alerts_received_.Add({{"status", std::string(status)}}).Increment(static_cast<double>(count));
}

void RemediationMetrics::alerts_truncated(uint64_t count) {
  alerts_truncated_.Increment(static_cast<double>(count));
}

void RemediationMetrics::decided(std::string_view verdict, std::string_view reason) {
  decisions_.Add({{"decision", std::string(verdict)}, {"reason", std::string(reason)}}).Increment();
}

void RemediationMetrics::attempt_started(const Incident& incident, std::string_view action) {
  attempts_.Add(of_container(incident, action)).Increment();
}

void RemediationMetrics::attempt_failed(const Incident& incident, std::string_view action,
                                        std::string_view reason) {
  prometheus::Labels labels = of_container(incident, action);
  labels["reason"] = reason;
  attempt_failures_.Add(labels).Increment();
}

void RemediationMetrics::attempt_verified(std::string_view action,
                                          std::chrono::duration<double> took) {
  attempt_duration_.Add({{"action", std::string(action)}}, kAttemptBuckets).Observe(took.count());
}

void RemediationMetrics::outcome(OutcomeKind kind) {
  outcomes_.Add({{"outcome", std::string(to_string(kind))}}).Increment();
}

void RemediationMetrics::outcome_post_failed() {
  outcome_posts_failed_.Increment();
}

void RemediationMetrics::docker_call(std::string_view call, std::chrono::duration<double> took) {
  docker_call_duration_.Add({{"call", std::string(call)}}, kCallBuckets).Observe(took.count());
}

void RemediationMetrics::watchdog_seen(WallTime now) {
  watchdog_last_seen_.Set(to_unix_seconds(now));
}

void RemediationMetrics::config_reloaded(bool successful, WallTime now) {
  reload_successful_.Set(successful ? 1 : 0);
  if (successful) reload_success_time_.Set(to_unix_seconds(now));
}

}  // namespace selfheal
