// What the remediator counts of what it does, for whoever does it; what is read from the journal at
// each scrape is in view/journal_metrics.h. Safe from any thread.
#pragma once

#include <string>
#include <string_view>

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include "common/base/clock.h"
#include "remediator/incident/incident.h"
#include "remediator/outcome/outcome.h"

namespace selfheal {

class RemediationMetrics {
 public:
  RemediationMetrics();

  void webhook_request(int status);
  void alerts_received(std::string_view status, uint64_t count);
  void alerts_truncated(uint64_t count);
  void decided(std::string_view verdict, std::string_view reason);
  void attempt_started(const Incident& incident, std::string_view action);
  void attempt_failed(const Incident& incident, std::string_view action, std::string_view reason);
  // From the first delivery of the failure to the proof that it is over.
  void attempt_verified(std::string_view action, std::chrono::duration<double> took);
  // What there was to tell people, once more where it was given up and is told anew; and posts that
  // an Alertmanager did not take.
  void outcome(OutcomeKind kind);
  void outcome_post_failed();
  void docker_call(std::string_view call, std::chrono::duration<double> took);
  void watchdog_seen(WallTime now);
  void config_reloaded(bool successful, WallTime now);

  const prometheus::Collectable& collectable() const { return registry_; }

 private:
  prometheus::Registry registry_;
  prometheus::Family<prometheus::Counter>& webhook_requests_;
  prometheus::Family<prometheus::Counter>& alerts_received_;
  prometheus::Family<prometheus::Counter>& decisions_;
  prometheus::Family<prometheus::Counter>& attempts_;
  prometheus::Family<prometheus::Counter>& attempt_failures_;
  prometheus::Family<prometheus::Histogram>& attempt_duration_;
  prometheus::Family<prometheus::Histogram>& docker_call_duration_;
  prometheus::Family<prometheus::Counter>& outcomes_;
  prometheus::Counter& outcome_posts_failed_;
  prometheus::Counter& alerts_truncated_;
  prometheus::Gauge& watchdog_last_seen_;
  prometheus::Gauge& reload_successful_;
  prometheus::Gauge& reload_success_time_;
};

}  // namespace selfheal
