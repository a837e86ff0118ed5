// What the calls of DockerClient have in common, for its sources only.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "common/docker/docker_api.h"
#include "common/http/http_client.h"

namespace selfheal::docker_call {

// Of an answer that says no, what is read of its body.
inline constexpr size_t kLongestErrorAnswer = 1024;
// one-shot: without it Docker takes a second for a second sample of the CPU time.
inline constexpr std::string_view kStatsQuery = "/stats?stream=false&one-shot=true";

DockerFailure failure_of_status(std::string_view call, const HttpResponse& response);

// /containers/ID with `what` behind it.
std::string container_path(const std::string& container, std::string_view what);

template <class T>
DockerResult<T> parsed(Result<T> value) {
  if (value) return std::move(*value);
  return DockerFailure{DockerFailureKind::malformed, value.error().message};
}

}  // namespace selfheal::docker_call
