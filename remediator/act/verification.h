// Whether an attempt worked: by PromQL where there is a Prometheus, else by Docker's health.
//
// The default query is semantics.md's: two successes in a row, the last of them begun 10 s after
// the container's start, and the start is the one that the attempt brought about. Empty is
// unverified, never healthy. A container without probes has to run for 10 s from that same start.
// After a command that left the container running, 10 s are counted from the command's end.
#pragma once

#include <optional>
#include <string>

#include "common/docker/docker_api.h"
#include "remediator/act/prometheus_client.h"
#include "remediator/act/verification_settings.h"
#include "remediator/incident/incident.h"

namespace selfheal {

// [pure] Those for one attempt.
VerificationSettings verification_for(const VerificationSettings& settings,
                                      const std::string& action, const std::string& alertname,
                                      const std::optional<Milliseconds>& step_timeout);

// What has to be proven: health in the run that began at `started`, by Docker, for long enough
// since then or, after a command, since `acted`: when the attempt was seen to be in effect, by our
// own clock.
struct Proof {
  WallTime started;
  WallTime acted;
  bool after_command = false;
};

enum class Health {
  unproven,      // nothing can be said yet, or it is not healthy
  seen_healthy,  // all its probes passed since the start, though not for long enough
  proven,
};

enum class Unproven { not_healthy, not_scraped, no_prometheus };

// As the result of an attempt whose time is over.
AttemptResult result_of(Unproven why);

struct HealthAnswer {
  Health health = Health::unproven;
  std::string detail;                    // why it is unproven, for a person
  Unproven why = Unproven::not_healthy;  // and in a word
};

// What Prometheus is asked for one verdict: one thing after the other, until one is so.
class Questions {
 public:
  explicit Questions(PrometheusApi& prometheus) : prometheus_(prometheus) {}

  // After one without an answer nothing is asked any more, and nothing is so.
  bool is_so(const std::string& query);
  // The verdict where one had no answer.
  const std::optional<HealthAnswer>& silent() const { return silent_; }

 private:
  PrometheusApi& prometheus_;
  std::optional<HealthAnswer> silent_;
};

// By Prometheus. `live` is the container as just inspected.
HealthAnswer ask_health(PrometheusApi& prometheus, const std::string& host,
                        const ContainerDetails& live, const Proof& proof, WallTime now,
                        const VerificationSettings& settings);

// [pure] How long after the action the verdict may take: the timeout, or longer where the
// container's labels grant it a longer start or have it probed rarely. A step's own time is exact.
Milliseconds verification_time(const Labels& labels, const VerificationSettings& settings);

// [pure] Whether an answer is a proof: a query that holds gives a sample; 0 is how PromQL says
// false, NaN says nothing, and an answer to another question, of a proxy in between say, is no
// proof either way.
bool says_yes(const std::vector<PromSample>& samples);

// [pure] By Docker alone.
HealthAnswer docker_health(const ContainerDetails& live, WallTime acted, WallTime now,
                           const VerificationSettings& settings);

// [pure] The queries: proven, seen healthy, and whether there are probes at all.
std::string proven_query(const std::string& host, const std::string& container, const Proof& proof,
                         const VerificationSettings& settings);
std::string seen_healthy_query(const std::string& host, const std::string& container,
                               WallTime started);

}  // namespace selfheal
