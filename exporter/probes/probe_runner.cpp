#include "exporter/probes/probe_runner.h"

#include <utility>

namespace selfheal {
namespace {

// Whether a probe of this kind connects to the target, or asks Docker about it.
bool needs_address(const ProbeSpec& spec) {
  return spec.url.kind != ProbeKind::docker && spec.url.kind != ProbeKind::exec;
}

bool asks_for_a_connection_only(const ProbeSpec& spec) {
  const TcpModule& tcp = spec.module->tcp;
  return spec.url.kind == ProbeKind::tcp && !tcp.tls && tcp.query_response.empty();
}

std::string target_of(const ProbeUrl& url, const Endpoint* endpoint) {
  const auto authority = [&] {
    return endpoint != nullptr ? to_string(*endpoint) : to_string(Endpoint{url.host, url.port});
  };
  switch (url.kind) {
    case ProbeKind::http:
      return (url.scheme + "://").append(authority()).append(url.path);
    case ProbeKind::tcp:
    case ProbeKind::grpc:
    case ProbeKind::dns:
      return authority();
    case ProbeKind::icmp:
      return endpoint != nullptr ? endpoint->address : url.host;
    case ProbeKind::exec:
    case ProbeKind::docker:
      break;
  }
  return "";
}

ProbeRequest request_of(const ProbeSpec& spec, const Endpoint* endpoint) {
  ProbeRequest request;
  request.module = spec.module;
  request.target = target_of(spec.url, endpoint);
  if (endpoint != nullptr) request.address = *endpoint;
  request.timeout = spec.settings.timeout;
  request.container_id = spec.container_id;
  request.command = spec.url.command;
  return request;
}

}  // namespace

ProbeRunner::ProbeRunner(EventLoop& loop, DockerApi& docker)
    : loop_(loop), picker_(loop), probers_(loop, docker) {}

ProbeRunner::~ProbeRunner() {
  while (!running_.empty()) cancel(running_.begin()->first);
}

void ProbeRunner::start(TargetId target, const Shared<ProbeSpec>& spec, Callback callback) {
  cancel(target);
  Running& running = running_[target];
  running.callback = std::move(callback);
  if (!needs_address(*spec) || !spec->url.host.empty()) {
    probe(target, *spec, nullptr);
  } else if (const Endpoint* endpoint = known_endpoint(target, *spec)) {
    probe(target, *spec, endpoint);
  } else if (spec->endpoints.empty()) {
    running.started_at = loop_.clock().wall_now();
    running.begun = loop_.now();
    running.at_once = loop_.at(running.begun, [this, target] {
      finish(target, failed(ProbeReason::unreachable, "the container has no address to probe"));
    });
  } else {
    pick_endpoint(target, spec);
  }
}

// Nothing when one has to be picked first, or when there is none.
const Endpoint* ProbeRunner::known_endpoint(TargetId target, const ProbeSpec& spec) const {
  if (spec.endpoints.size() == 1) return &spec.endpoints.front();
  const Choice* choice = choice_of(target, spec);
  return choice == nullptr || choice->in_doubt ? nullptr : &choice->chosen;
}

const ProbeRunner::Choice* ProbeRunner::choice_of(TargetId target, const ProbeSpec& spec) const {
  const auto choice = choices_.find(target);
  if (choice == choices_.end() || choice->second.among != spec.endpoints) return nullptr;
  return &choice->second;
}

void ProbeRunner::pick_endpoint(TargetId target, const Shared<ProbeSpec>& spec) {
  running_.at(target).pick = picker_.pick(spec->endpoints, [this, target, spec](auto picked) {
    running_.at(target).pick.reset();
    const Endpoint endpoint = endpoint_to_try(target, *spec, picked);
    probe(target, *spec, &endpoint);
  });
}

Endpoint ProbeRunner::endpoint_to_try(TargetId target, const ProbeSpec& spec,
                                      std::optional<AddressPicker::Picked> picked) {
  if (picked && picked->connected) {
    const Endpoint& endpoint = spec.endpoints[picked->index];
    choices_[target] = {spec.endpoints, endpoint, asks_for_a_connection_only(spec)};
    return endpoint;
  }
  if (const Choice* choice = choice_of(target, spec)) return choice->chosen;
  // Where none can be reached the probe of the first tells why.
  return spec.endpoints[picked ? picked->index : 0];
}

void ProbeRunner::probe(TargetId target, const ProbeSpec& spec, const Endpoint* endpoint) {
  Running& running = running_.at(target);
  running.started_at = loop_.clock().wall_now();
  running.begun = loop_.now();
  running.prober = &probers_.of(spec.url.kind);
  running.probe = running.prober->start(
      request_of(spec, endpoint),
      [this, target](ProbeResult result) { finish(target, std::move(result)); });
}

void ProbeRunner::finish(TargetId target, ProbeResult result) {
  const auto ended = running_.extract(target);
  result.started_at = ended.mapped().started_at;
  result.duration = loop_.now() - ended.mapped().begun;
  const bool wrong_address =
      result.outcome == ProbeOutcome::failed && !result.connected &&
      (result.reason == ProbeReason::unreachable || result.reason == ProbeReason::timeout);
  if (wrong_address) doubt(target);
  ended.mapped().callback(std::move(result));
}

void ProbeRunner::doubt(TargetId target) {
  const auto choice = choices_.find(target);
  if (choice != choices_.end()) choice->second.in_doubt = !choice->second.for_the_run;
}

void ProbeRunner::started_anew(TargetId target) {
  cancel(target);
  const auto choice = choices_.find(target);
  if (choice != choices_.end() && choice->second.for_the_run) choices_.erase(choice);
}

void ProbeRunner::cancel(TargetId target) {
  const auto running = running_.extract(target);
  if (!running) return;
  const Running& stopped = running.mapped();
  if (stopped.pick) picker_.cancel(*stopped.pick);
  if (stopped.probe) stopped.prober->cancel(*stopped.probe);
  if (stopped.at_once) loop_.cancel(*stopped.at_once);
}

void ProbeRunner::forget(TargetId target) {
  cancel(target);
  choices_.erase(target);
}

}  // namespace selfheal
