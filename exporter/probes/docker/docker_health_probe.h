// Asks Docker for the verdict of the container's own HEALTHCHECK.
//
// healthy passes, unhealthy fails with what the check printed; starting, and no answer of Docker,
// say nothing: a Docker daemon that is being restarted must not make its containers look broken.
// A few inspects at a time, so that many such probes don't weigh on the daemon; the others wait,
// and those that wait for the same container share one. Belongs to the probe loop's thread.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "common/base/event_loop.h"
#include "common/docker/docker_api.h"
#include "exporter/probes/docker/docker_answers.h"
#include "exporter/probes/probe.h"

namespace selfheal {

class DockerHealthProber final : public Prober {
 public:
  DockerHealthProber(EventLoop& loop, DockerApi& docker);
  ~DockerHealthProber() override;
  ProbeId start(ProbeRequest request, Callback callback) override;
  void cancel(ProbeId id) override;

 private:
  struct Probe {
    std::string container;
    Tracing tracing;
    Callback callback;
    EventLoop::TimerId deadline;
  };
  void ask_next();
  void answered(const std::vector<ProbeId>& probes, const DockerResult<ContainerDetails>& answer);
  void finish(ProbeId id, ProbeResult result);

  EventLoop& loop_;
  DockerApi& docker_;
  std::unordered_map<ProbeId, Probe> probes_;
  std::map<std::string, std::vector<ProbeId>> waiting_;  // by container, not asked for yet
  std::deque<std::string> queue_;                        // the containers among them, in order
  size_t asked_ = 0;                                     // inspects under way
  ProbeId next_id_ = 1;
  DockerAnswers answers_;
};

}  // namespace selfheal
