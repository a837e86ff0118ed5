// The bytes of a gRPC health check: grpc.health.v1.Health/Check, hand-coded. [pure]
#pragma once

#include <string>
#include <string_view>

#include "common/base/result.h"

namespace selfheal {

// A HealthCheckRequest for `service` with gRPC's five bytes before it.
std::string encode_health_request(const std::string& service);

// SERVING, NOT_SERVING, UNKNOWN, SERVICE_UNKNOWN, or the number of one that isn't known. The error
// says why `bytes` are no HealthCheckResponse in its five bytes.
Result<std::string> decode_health_response(std::string_view bytes);

// "DEADLINE_EXCEEDED" for 4.
std::string grpc_status_text(int status);

// "%20" and the like, which grpc-message is encoded with, as the bytes they stand for.
std::string grpc_message_text(std::string_view encoded);

}  // namespace selfheal
