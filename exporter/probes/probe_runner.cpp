#include "exporter/probes/probe_runner.h"

#include <utility>

namespace selfheal {
namespace {

// Whether a probe of this kind connects to the target, or asks Docker about it.
bool needs_address(const ProbeSpec& spec) {
  return spec.url.kind != ProbeKind::docker && spec.url.kind != ProbeKind::exec;
}

std::string target_of(const ProbeUrl& url, const std::optional<Endpoint>& endpoint) {
  const std::string authority =
      endpoint ? to_string(*endpoint) : to_string(Endpoint{url.host, url.port});
  switch (url.kind) {
    case ProbeKind::http:
      return url.scheme + "://" + authority + url.path;
    case ProbeKind::tcp:
    case ProbeKind::grpc:
    case ProbeKind::dns:
      return authority;
    case ProbeKind::icmp:
      return endpoint ? endpoint->address : url.host;
    case ProbeKind::exec:
    case ProbeKind::docker:
      break;
  }
  return "";
}

ProbeRequest request_of(const ProbeSpec& spec, const std::optional<Endpoint>& endpoint) {
  ProbeRequest request;
  request.module = spec.module;
  request.target = target_of(spec.url, endpoint);
  request.address = endpoint;
  request.timeout = spec.settings.timeout;
  request.container_id = spec.container_id;
  request.command = spec.url.command;
  return request;
}

}  // namespace

ProbeRunner::ProbeRunner(EventLoop& loop, DockerApi& docker)
    : loop_(loop), picker_(loop), probers_(loop, docker) {}

void ProbeRunner::start(TargetId target, const Shared<ProbeSpec>& spec, Callback callback) {
  cancel(target);
  running_[target] = {spec, std::move(callback), {}, {}, {}};
  if (!needs_address(*spec) || !spec->url.host.empty()) {
    probe(target, std::nullopt);
  } else if (const auto endpoint = known_endpoint(target, *spec)) {
    probe(target, endpoint);
  } else if (spec->endpoints.empty()) {
    ProbeResult result = failed(ProbeReason::unreachable, "the container has no address to probe");
    result.started_at = loop_.clock().wall_now();
    running_[target].at_once =
        loop_.at(loop_.now(), [this, target, result] { finish(target, std::nullopt, result); });
  } else {
    pick_endpoint(target);
  }
}

// Nothing when one has to be picked first, or when there is none.
std::optional<Endpoint> ProbeRunner::known_endpoint(TargetId target, const ProbeSpec& spec) const {
  if (spec.endpoints.size() == 1) return spec.endpoints.front();
  const auto choice = choices_.find(target);
  if (choice == choices_.end() || choice->second.among != spec.endpoints) return std::nullopt;
  return choice->second.chosen;
}

void ProbeRunner::pick_endpoint(TargetId target) {
  Running& running = running_.at(target);
  running.pick = picker_.pick(running.spec->endpoints, [this, target](std::optional<size_t> index) {
    Running& picked = running_.at(target);
    picked.pick.reset();
    // Where none can be reached the probe of the first tells why.
    const Endpoint endpoint = picked.spec->endpoints[index.value_or(0)];
    if (index) choices_[target] = {picked.spec->endpoints, endpoint};
    probe(target, endpoint);
  });
}

void ProbeRunner::probe(TargetId target, const std::optional<Endpoint>& endpoint) {
  Running& running = running_.at(target);
  const WallTime started_at = loop_.clock().wall_now();
  const SteadyTime begun = loop_.now();
  running.probe = prober_of(*running.spec)
                      .start(request_of(*running.spec, endpoint),
                             [this, target, endpoint, started_at, begun](ProbeResult result) {
                               result.started_at = started_at;
                               result.duration = loop_.now() - begun;
                               finish(target, endpoint, std::move(result));
                             });
}

void ProbeRunner::finish(TargetId target, const std::optional<Endpoint>& endpoint,
                         ProbeResult result) {
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
  if (stopped.probe) prober_of(*stopped.spec).cancel(*stopped.probe);
  if (stopped.at_once) loop_.cancel(*stopped.at_once);
}

void ProbeRunner::forget(TargetId target) {
  cancel(target);
  choices_.erase(target);
}

}  // namespace selfheal
