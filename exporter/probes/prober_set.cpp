#include "exporter/probes/prober_set.h"

#include "exporter/probes/dns/dns_probe.h"
#include "exporter/probes/docker/docker_health_probe.h"
#include "exporter/probes/docker/exec_probe.h"
#include "exporter/probes/grpc/grpc_probe.h"
#include "exporter/probes/http/http_probe.h"
#include "exporter/probes/icmp/icmp_probe.h"
#include "exporter/probes/tcp/tcp_probe.h"

namespace selfheal {

ProberSet::ProberSet(EventLoop& loop, DockerApi& docker) : resolver_(loop), curl_(loop) {
  const HttpServices http{loop, curl_, resolver_, tls_, files_};
  probers_[ProbeKind::http] = std::make_unique<HttpProber>(http);
  probers_[ProbeKind::grpc] = std::make_unique<GrpcProber>(http);
  probers_[ProbeKind::tcp] = std::make_unique<TcpProber>(loop, resolver_, tls_);
  probers_[ProbeKind::dns] = std::make_unique<DnsProber>(loop, resolver_, tls_);
  probers_[ProbeKind::icmp] = std::make_unique<IcmpProber>(loop, resolver_);
  auto exec = std::make_unique<ExecProber>(loop, docker);
  exec_ = exec.get();
  probers_[ProbeKind::exec] = std::move(exec);
  probers_[ProbeKind::docker] = std::make_unique<DockerHealthProber>(loop, docker);
}

ProberSet::~ProberSet() = default;

void ProberSet::set_exec_limit(size_t in_flight) {
  exec_->set_limit(in_flight);
}

}  // namespace selfheal
