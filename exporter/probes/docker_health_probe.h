// Asks Docker for the verdict of the container's own HEALTHCHECK.
//
// healthy passes, unhealthy fails; starting, and no answer of Docker, say nothing: a Docker daemon
// that is being restarted must not make its containers look broken. Belongs to the probe loop's
// thread; Docker's answers come from another and are posted to it.
#pragma once

#include <memory>
#include <unordered_map>

#include "common/base/event_loop.h"
#include "common/docker/docker_api.h"
#include "exporter/probes/probe.h"

namespace selfheal {

class DockerHealthProber final : public Prober {
 public:
  DockerHealthProber(EventLoop& loop, DockerApi& docker);
  ~DockerHealthProber() override;
  ProbeId start(ProbeRequest request, Callback callback) override;
  void cancel(ProbeId id) override { waiting_.erase(id); }

 private:
  struct Mailbox;  // outlives this object in callbacks that are still to come
  void answered(ProbeId id, const DockerResult<ContainerDetails>& answer);

  EventLoop& loop_;
  DockerApi& docker_;
  std::shared_ptr<Mailbox> mailbox_;
  std::unordered_map<ProbeId, Callback> waiting_;
  ProbeId next_id_ = 1;
};

}  // namespace selfheal
