#include "remediator/act/verification.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "remediator/decision/label_durations.h"

namespace selfheal {
namespace {

// With milliseconds: scrapes publish the start as a double, and the query allows for 10 ms.
std::string seconds_text(double seconds) {
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%.3f", seconds);
  return text.data();
}

std::string successes_at_least(const std::string& selector, int count) {
  return "min by (host, container) (selfheal_probe_consecutive_successes" + selector +
         ") >= " + std::to_string(count);
}

std::string start_is(const std::string& selector, WallTime started) {
  return " and on (host, container) abs(max by (host, container) "
         "(selfheal_container_start_time_seconds" +
         selector + ") - " + seconds_text(to_unix_seconds(started)) + ") < 0.01";
}

// A query that holds gives a sample; 0 is how PromQL says false, and NaN says nothing. An answer to
// another question, of a proxy in between say, is no proof either way.
bool says_yes(const std::vector<PromSample>& samples) {
  return std::any_of(samples.begin(), samples.end(), [](const PromSample& sample) {
    return sample.value != 0 && !std::isnan(sample.value);
  });
}

}  // namespace

// The exporter counts no failure in the start period, and after the first success it may take two
// intervals until a second one.
Milliseconds verification_time(const Labels& labels, const VerificationSettings& settings) {
  const Milliseconds start_period =
      longest_duration(labels, "selfheal.start-period", Milliseconds(10'000));
  const Milliseconds interval = longest_duration(labels, "selfheal.interval", Milliseconds(15'000));
  return std::max(settings.timeout, start_period + 2 * interval + settings.settled);
}

std::string proven_query(const std::string& host, const std::string& container, WallTime started,
                         const VerificationSettings& settings) {
  const std::string selector = container_selector(host, container);
  return successes_at_least(selector, 2) +
         " and on (host, container) (min by (host, container) "
         "(selfheal_probe_last_success_timestamp_seconds" +
         selector + ") - max by (host, container) (selfheal_container_start_time_seconds" +
         selector +
         ") >= " + seconds_text(std::chrono::duration<double>(settings.settled).count()) + ")" +
         start_is(selector, started);
}

std::string seen_healthy_query(const std::string& host, const std::string& container,
                               WallTime started) {
  const std::string selector = container_selector(host, container);
  return successes_at_least(selector, 1) + start_is(selector, started);
}

HealthAnswer docker_health(const ContainerDetails& live, WallTime acted, WallTime now,
                           const VerificationSettings& settings) {
  if (!live.running())
    return {Health::unproven, "the container is " + std::string(to_string(live.state))};
  if (live.has_healthcheck && live.health != ContainerHealth::healthy)
    return {Health::unproven, "Docker's health is " + std::string(to_string(live.health))};
  const bool settled = now - acted >= settings.settled;
  if (settled) return {Health::proven, ""};
  // Without a HEALTHCHECK that it runs says little before the time is over.
  return {live.has_healthcheck ? Health::seen_healthy : Health::unproven,
          "it has not run for long enough yet"};
}

HealthAnswer ask_health(PrometheusApi& prometheus, const std::string& host,
                        const ContainerDetails& live, const NewStart& start, WallTime now,
                        const VerificationSettings& given) {
  VerificationSettings settings = given;
  // Set back since, the clock has the start in the future; probes are dated by the new time.
  if (start.acted < start.started)
    settings.settled += std::chrono::duration_cast<Milliseconds>(start.acted - start.started);
  const auto proven = prometheus.query(proven_query(host, live.name, start.started, settings));
  if (!proven) return {Health::unproven, proven.error().message};
  if (says_yes(*proven)) return {Health::proven, ""};
  const auto seen = prometheus.query(seen_healthy_query(host, live.name, start.started));
  if (!seen) return {Health::unproven, seen.error().message};
  if (says_yes(*seen)) return {Health::seen_healthy, "healthy, but not for long enough yet"};
  const std::string selector = container_selector(host, live.name);
  const auto watched =
      prometheus.query("count(selfheal_container_start_time_seconds" + selector +
                       ") unless count(selfheal_probe_consecutive_successes" + selector + ")");
  if (!watched) return {Health::unproven, watched.error().message};
  if (says_yes(*watched)) return docker_health(live, start.acted, now, given);
  return {Health::unproven, "its probes have not passed since the restart, or are not scraped"};
}

}  // namespace selfheal
