#include "exporter/probes/docker/docker_health_probe.h"

#include <memory>
#include <utility>

#include "exporter/probes/docker/command_output.h"

namespace selfheal {
namespace {

constexpr size_t kAtOnce = 4;
// Of an inspect; probes give up by their own timeouts.
constexpr Milliseconds kPatience{10'000};

ProbeResult verdict_of(const ContainerDetails& details) {
  switch (details.health) {
    case ContainerHealth::healthy:
      return passed();
    case ContainerHealth::unhealthy: {
      std::string detail = "the container's HEALTHCHECK says unhealthy";
      if (details.last_check)
        detail += ": " + describe_exit(details.last_check->exit_code, details.last_check->output);
      return failed(ProbeReason::unhealthy, std::move(detail));
    }
    case ContainerHealth::starting:
    case ContainerHealth::none:
      break;
  }
  return inconclusive("the container's HEALTHCHECK has no verdict yet");
}

std::shared_ptr<ProbeTrace> trace_of(const ContainerDetails& details, WallTime now) {
  auto trace = std::make_shared<ProbeTrace>();
  trace->log.push_back({now,
                        log::Level::info,
                        "Docker told the container's health",
                        {{"health", std::string(to_string(details.health))}}});
  if (details.last_check) trace->output = details.last_check->output;
  return trace;
}

}  // namespace

DockerHealthProber::DockerHealthProber(EventLoop& loop, DockerApi& docker)
    : loop_(loop), docker_(docker), answers_(loop) {}

DockerHealthProber::~DockerHealthProber() {
  for (const auto& [id, probe] : probes_) loop_.cancel(probe.deadline);
}

Prober::ProbeId DockerHealthProber::start(ProbeRequest request, Callback callback) {
  const ProbeId id = next_id_++;
  const auto deadline = loop_.after(request.timeout, [this, id] {
    finish(id, inconclusive("Docker did not tell the container's health in time"));
  });
  probes_[id] = {request.container_id, request.tracing, std::move(callback), deadline};
  std::vector<ProbeId>& sharing = waiting_[request.container_id];
  if (sharing.empty()) queue_.push_back(request.container_id);
  sharing.push_back(id);
  ask_next();
  return id;
}

void DockerHealthProber::ask_next() {
  while (asked_ < kAtOnce && !queue_.empty()) {
    const std::string container = std::move(queue_.front());
    queue_.pop_front();
    // Who comes after this wants an answer from after this.
    std::vector<ProbeId> sharing = std::move(waiting_.extract(container).mapped());
    std::erase_if(sharing, [&](ProbeId id) { return !probes_.contains(id); });
    if (sharing.empty()) continue;
    ++asked_;
    docker_.inspect_async(container, kPatience,
                          answers_.to([this, sharing = std::move(sharing)](
                                          const DockerResult<ContainerDetails>& answer) {
                            answered(sharing, answer);
                          }));
  }
}

void DockerHealthProber::answered(const std::vector<ProbeId>& probes,
                                  const DockerResult<ContainerDetails>& answer) {
  --asked_;
  for (const ProbeId id : probes) {
    const auto probe = probes_.find(id);
    if (probe == probes_.end()) continue;
    ProbeResult result = answer ? verdict_of(*answer) : inconclusive(answer.error().message);
    if (answer && probe->second.tracing == Tracing::on)
      result.trace = trace_of(*answer, loop_.clock().wall_now());
    finish(id, std::move(result));
  }
  ask_next();
}

void DockerHealthProber::finish(ProbeId id, ProbeResult result) {
  auto probe = probes_.extract(id);
  loop_.cancel(probe.mapped().deadline);
  probe.mapped().callback(std::move(result));
}

void DockerHealthProber::cancel(ProbeId id) {
  if (const auto probe = probes_.extract(id)) loop_.cancel(probe.mapped().deadline);
}

}  // namespace selfheal
