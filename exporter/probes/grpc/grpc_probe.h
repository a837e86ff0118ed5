// Passes when grpc.health.v1.Health/Check says SERVING, over TLS (ALPN h2) or HTTP/2 in the clear.
//
// What the service says of itself, and gRPC's own errors, count as `status`; what is not gRPC as
// `protocol`. Each check has a connection of its own. Belongs to the loop's thread.
#pragma once

#include <memory>
#include <unordered_map>

#include "exporter/probes/grpc/grpc_run.h"
#include "exporter/probes/probe.h"

namespace selfheal {

class GrpcProber final : public Prober {
 public:
  explicit GrpcProber(const HttpServices& services) : services_(services) {}
  ProbeId start(ProbeRequest request, Callback callback) override;
  void cancel(ProbeId id) override { runs_.erase(id); }

 private:
  const HttpServices services_;
  std::unordered_map<ProbeId, std::unique_ptr<GrpcRun>> runs_;
  ProbeId next_id_ = 1;
};

}  // namespace selfheal
