#include "exporter/probes/probe_runner.h"

#include <utility>

#include "exporter/probes/docker_health_probe.h"
#include "exporter/probes/http_probe.h"
#include "exporter/probes/tcp_probe.h"

namespace selfheal {

ProbeRunner::ProbeRunner(EventLoop& loop, DockerApi& docker) : loop_(loop), picker_(loop) {
  probers_[ProbeKind::http] = std::make_unique<HttpProber>(loop);
  probers_[ProbeKind::tcp] = std::make_unique<TcpProber>(loop);
  probers_[ProbeKind::docker] = std::make_unique<DockerHealthProber>(loop, docker);
}

void ProbeRunner::start(TargetId target, const ProbeSpec& spec, Callback callback) {
  cancel(target);
  running_[target] = {spec, std::move(callback), {}, {}, {}};
  if (const auto endpoint = known_endpoint(target, spec)) {
    probe(target, *endpoint);
  } else if (spec.endpoints.empty()) {
    ProbeResult result = failed(ProbeReason::unreachable, "the container has no address to probe");
    result.started_at = loop_.clock().wall_now();
    running_[target].at_once =
        loop_.at(loop_.now(), [this, target, result] { finish(target, {}, result); });
  } else {
    pick_endpoint(target);
  }
}

// Nothing when one has to be picked first, or when there is none.
std::optional<Endpoint> ProbeRunner::known_endpoint(TargetId target, const ProbeSpec& spec) const {
  if (spec.url.kind == ProbeKind::docker) return Endpoint{};
  if (spec.endpoints.size() == 1) return spec.endpoints.front();
  const auto choice = choices_.find(target);
  if (choice == choices_.end() || choice->second.among != spec.endpoints) return std::nullopt;
  return choice->second.chosen;
}

void ProbeRunner::pick_endpoint(TargetId target) {
  Running& running = running_.at(target);
  running.pick = picker_.pick(running.spec.endpoints, [this, target](std::optional<size_t> index) {
    Running& picked = running_.at(target);
    picked.pick.reset();
    // Where none can be reached the probe of the first tells why.
    const Endpoint endpoint = picked.spec.endpoints[index.value_or(0)];
    if (index) choices_[target] = {picked.spec.endpoints, endpoint};
    probe(target, endpoint);
  });
}

void ProbeRunner::probe(TargetId target, const Endpoint& endpoint) {
  Running& running = running_.at(target);
  const WallTime started_at = loop_.clock().wall_now();
  const SteadyTime begun = loop_.now();
  running.probe = prober_of(running.spec)
                      .start({running.spec, endpoint},
                             [this, target, endpoint, started_at, begun](ProbeResult result) {
                               result.started_at = started_at;
                               result.duration = loop_.now() - begun;
                               finish(target, endpoint, std::move(result));
                             });
}

void ProbeRunner::finish(TargetId target, const Endpoint& endpoint, ProbeResult result) {
  auto running = running_.extract(target);
  const bool wrong_address =
      result.outcome == ProbeOutcome::failed && !result.connected &&
      (result.reason == ProbeReason::unreachable || result.reason == ProbeReason::timeout);
  const auto choice = choices_.find(target);
  if (wrong_address && choice != choices_.end() && choice->second.chosen == endpoint)
    choices_.erase(choice);
  running.mapped().callback(std::move(result));
}

void ProbeRunner::cancel(TargetId target) {
  auto running = running_.extract(target);
  if (!running) return;
  Running& stopped = running.mapped();
  if (stopped.pick) picker_.cancel(*stopped.pick);
  if (stopped.probe) prober_of(stopped.spec).cancel(*stopped.probe);
  if (stopped.at_once) loop_.cancel(*stopped.at_once);
}

void ProbeRunner::forget(TargetId target) {
  cancel(target);
  choices_.erase(target);
}

}  // namespace selfheal
