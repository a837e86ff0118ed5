#include "exporter/probes/docker_health_probe.h"

#include <mutex>
#include <utility>

namespace selfheal {

// Cuts the way back to the prober once that is gone.
struct DockerHealthProber::Mailbox {
  std::mutex mutex;
  DockerHealthProber* owner;
};

namespace {

ProbeResult judge(const DockerResult<ContainerDetails>& answer) {
  if (!answer) return inconclusive(answer.error().message);
  switch (answer->health) {
    case ContainerHealth::healthy:
      return passed();
    case ContainerHealth::unhealthy:
      return failed(ProbeReason::unhealthy, "the container's HEALTHCHECK says unhealthy");
    case ContainerHealth::starting:
    case ContainerHealth::none:
      break;
  }
  return inconclusive("the container's HEALTHCHECK has no verdict yet");
}

}  // namespace

DockerHealthProber::DockerHealthProber(EventLoop& loop, DockerApi& docker)
    : loop_(loop), docker_(docker), mailbox_(std::make_shared<Mailbox>()) {
  mailbox_->owner = this;
}

DockerHealthProber::~DockerHealthProber() {
  const std::lock_guard lock(mailbox_->mutex);
  mailbox_->owner = nullptr;
}

Prober::ProbeId DockerHealthProber::start(ProbeRequest request, Callback callback) {
  const ProbeId id = next_id_++;
  waiting_[id] = std::move(callback);
  docker_.inspect_async(request.container_id, request.timeout,
                        [mailbox = mailbox_, id](DockerResult<ContainerDetails> answer) {
                          const std::lock_guard lock(mailbox->mutex);
                          if (mailbox->owner == nullptr) return;
                          mailbox->owner->loop_.post([mailbox, id, answer = std::move(answer)] {
                            // On the loop's thread, where the owner lives and dies.
                            if (mailbox->owner != nullptr) mailbox->owner->answered(id, answer);
                          });
                        });
  return id;
}

void DockerHealthProber::answered(ProbeId id, const DockerResult<ContainerDetails>& answer) {
  auto waiting = waiting_.extract(id);
  if (waiting) waiting.mapped()(judge(answer));
}

}  // namespace selfheal
