#include "exporter/probes/grpc/grpc_probe.h"

#include <utility>

namespace selfheal {

Prober::ProbeId GrpcProber::start(ProbeRequest request, Callback callback) {
  const ProbeId id = next_id_++;
  auto done = [this, id, callback = std::move(callback)](ProbeResult result) {
    runs_.erase(id);
    callback(std::move(result));
  };
  runs_.emplace(id, std::make_unique<GrpcRun>(services_, std::move(request), std::move(done)));
  return id;
}

}  // namespace selfheal
