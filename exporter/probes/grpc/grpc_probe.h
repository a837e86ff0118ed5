// Passes when grpc.health.v1.Health/Check says SERVING, over TLS (ALPN h2) or HTTP/2 in the clear.
//
// What the service says of itself, and gRPC's own errors, count as `status`; what is not gRPC as
// `protocol`. Each check has a connection of its own. Belongs to the loop's thread.
#pragma once

#include "exporter/probes/grpc/grpc_run.h"
#include "exporter/probes/http/run_prober.h"

namespace selfheal {

using GrpcProber = RunProber<GrpcRun>;

}  // namespace selfheal
