#include "remediator/act/verification.h"

#include <algorithm>
#include <cmath>

#include "common/base/time_text.h"
#include "remediator/decision/label_durations.h"

namespace selfheal {
namespace {

// With milliseconds: scrapes publish the start as a double, and the query allows for 10 ms.
std::string unix_text(WallTime time) {
  return format_seconds(std::chrono::duration<double>(to_unix_seconds(time)));
}

std::string start_is(const std::string& selector, WallTime started) {
  return " and on (host, container) abs(max by (host, container) "
         "(selfheal_container_start_time_seconds" +
         selector + ") - " + unix_text(started) + ") < 0.01";
}

}  // namespace

bool says_yes(const std::vector<PromSample>& samples) {
  return std::any_of(samples.begin(), samples.end(), [](const PromSample& sample) {
    return sample.value != 0 && !std::isnan(sample.value);
  });
}

AttemptResult result_of(Unproven why) {
  switch (why) {
    case Unproven::not_healthy:
      return AttemptResult::not_healthy;
    case Unproven::not_scraped:
      return AttemptResult::not_scraped;
    case Unproven::no_prometheus:
      return AttemptResult::no_prometheus;
  }
  return AttemptResult::not_healthy;
}

VerificationSettings verification_for(const VerificationSettings& settings,
                                      const std::string& action, const std::string& alertname,
                                      const std::optional<Milliseconds>& step_timeout) {
  VerificationSettings result = settings;
  const auto change = [&result](const std::map<std::string, VerificationChange>& changes,
                                const std::string& name) {
    const auto found = changes.find(name);
    if (found == changes.end()) return;
    result.settled = found->second.settled.value_or(result.settled);
    result.timeout = found->second.timeout.value_or(result.timeout);
    if (!found->second.query.empty()) result.query = found->second.query;
  };
  change(settings.actions, action);
  change(settings.alerts, alertname);
  result.has_own_time = step_timeout.has_value();
  result.timeout = step_timeout.value_or(result.timeout);
  return result;
}

// The exporter counts no failure in the start period, and after the first success it may take two
// intervals until a second one.
Milliseconds verification_time(const Labels& labels, const VerificationSettings& settings) {
  if (settings.has_own_time) return settings.timeout;
  const Milliseconds start_period =
      longest_duration(labels, "selfheal.start-period", Milliseconds(10'000));
  const Milliseconds interval = longest_duration(labels, "selfheal.interval", Milliseconds(15'000));
  return std::max(settings.timeout, start_period + 2 * interval + settings.settled);
}

std::string proven_query(const std::string& host, const std::string& container, const Proof& proof,
                         const VerificationSettings& settings) {
  const std::string selector = container_selector(host, container);
  if (!settings.query.empty())
    return "(" + filled_query(settings.query, host, container) + ")" +
           start_is(selector, proof.started);
  const std::string since =
      proof.after_command
          ? unix_text(proof.acted)
          : "max by (host, container) (selfheal_container_start_time_seconds" + selector + ")";
  return successes_at_least(selector, 2) +
         " and on (host, container) (min by (host, container) "
         "(selfheal_probe_last_success_timestamp_seconds" +
         selector + ") - " + since + " >= " + format_seconds(settings.settled) + ")" +
         start_is(selector, proof.started);
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

bool Questions::is_so(const std::string& query) {
  if (silent_) return false;
  const auto answer = prometheus_.query(query);
  if (!answer)
    silent_ = HealthAnswer{Health::unproven, answer.error().message, Unproven::no_prometheus};
  return answer && says_yes(*answer);
}

HealthAnswer ask_health(PrometheusApi& prometheus, const std::string& host,
                        const ContainerDetails& live, const Proof& proof, WallTime now,
                        const VerificationSettings& given) {
  VerificationSettings settings = given;
  // Set back since, the clock has the start in the future; probes are dated by the new time.
  if (proof.acted < proof.started)
    settings.settled += std::chrono::duration_cast<Milliseconds>(proof.acted - proof.started);
  Questions ask(prometheus);  // the first that is so decides
  const std::string selector = container_selector(host, live.name);
  const std::string watched = "count(selfheal_container_start_time_seconds" + selector + ")";
  const std::string probed = "count(selfheal_probe_consecutive_successes" + selector + ")";
  if (ask.is_so(proven_query(host, live.name, proof, settings))) return {Health::proven, ""};
  if (ask.is_so(seen_healthy_query(host, live.name, proof.started)))
    return {Health::seen_healthy, "healthy, but not for long enough yet"};
  if (ask.is_so(watched + " unless " + probed)) return docker_health(live, proof.acted, now, given);
  if (ask.is_so(watched)) return {Health::unproven, "its probes have not passed since"};
  if (ask.silent()) return *ask.silent();
  return {Health::unproven, "Prometheus has nothing of it; is the exporter up and scraped?",
          Unproven::not_scraped};
}

}  // namespace selfheal
