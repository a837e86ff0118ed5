// Whether an attempt worked: by PromQL where there is a Prometheus, else by Docker's health.
//
// The default query is semantics.md's: two successes in a row, the last of them begun 10 s after
// the container's start, and the start is the one that the attempt brought about. Empty is
// unverified, never healthy. A container without probes has to run for 10 s from that same start.
#pragma once

#include <string>

#include "common/docker/docker_api.h"
#include "remediator/act/prometheus_client.h"

namespace selfheal {

struct VerificationSettings {
  Milliseconds settled{10'000};  // healthy for that long since its start
  Milliseconds poll_interval{500};
  Milliseconds timeout{60'000};  // from the action to the verdict "not healthy"
};

enum class Health {
  unproven,      // nothing can be said yet, or it is not healthy
  seen_healthy,  // all its probes passed since the start, though not for long enough
  proven,
};

struct HealthAnswer {
  Health health = Health::unproven;
  std::string detail;  // why it is unproven, for a person
};

// The start that an attempt brought about, by Docker, and when that was noticed, by our own clock.
struct NewStart {
  WallTime started;
  WallTime acted;
};

// By Prometheus. `live` is the container as just inspected.
HealthAnswer ask_health(PrometheusApi& prometheus, const std::string& host,
                        const ContainerDetails& live, const NewStart& start, WallTime now,
                        const VerificationSettings& settings);

// [pure] How long after the action the verdict may take: the timeout, or longer where the
// container's labels grant it a longer start or have it probed rarely.
Milliseconds verification_time(const Labels& labels, const VerificationSettings& settings);

// [pure] By Docker alone.
HealthAnswer docker_health(const ContainerDetails& live, WallTime acted, WallTime now,
                           const VerificationSettings& settings);

// [pure] The queries: proven, seen healthy, and whether there are probes at all.
std::string proven_query(const std::string& host, const std::string& container, WallTime started,
                         const VerificationSettings& settings);
std::string seen_healthy_query(const std::string& host, const std::string& container,
                               WallTime started);

}  // namespace selfheal
