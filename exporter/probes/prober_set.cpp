#include "exporter/probes/prober_set.h"

#include "exporter/probes/docker_health_probe.h"
#include "exporter/probes/http_probe.h"
#include "exporter/probes/tcp_probe.h"

namespace selfheal {

ProberSet::ProberSet(EventLoop& loop, DockerApi& docker) : resolver_(loop) {
  probers_[ProbeKind::http] = std::make_unique<HttpProber>(loop);
  probers_[ProbeKind::tcp] = std::make_unique<TcpProber>(loop);
  probers_[ProbeKind::docker] = std::make_unique<DockerHealthProber>(loop, docker);
}

ProberSet::~ProberSet() = default;

}  // namespace selfheal
