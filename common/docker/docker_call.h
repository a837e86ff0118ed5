// What the calls of DockerClient have in common, for its sources only.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "common/docker/docker_answer.h"
#include "common/docker/docker_api.h"
#include "common/http/http_client.h"

namespace selfheal::docker_call {

inline constexpr Milliseconds kQuickTimeout{10'000};
// Docker waits up to 10 s after SIGKILL, and starting takes time as well (docker-api.md).
inline constexpr std::chrono::seconds kActionMargin{30};
// A list of all containers has all their labels.
inline constexpr size_t kLongestAnswer = 64 << 20;
// Of an answer that says no, what is read of its body.
inline constexpr size_t kLongestErrorAnswer = 1024;
// one-shot: without it Docker takes a second for a second sample of the CPU time.
inline constexpr std::string_view kStatsQuery = "/stats?stream=false&one-shot=true";

// With a body, on a connection of its own: libcurl would send it again if a kept one turned out to
// be dead.
HttpRequest post_of(HttpRequest request, std::string json);

DockerFailure failure_of_status(std::string_view call, const HttpResponse& response);

// /containers/ID with `what` behind it.
std::string container_path(const std::string& container, std::string_view what);

template <class T>
DockerResult<T> parsed(Result<T> value) {
  if (value) return std::move(*value);
  return malformed_answer(value.error());
}

}  // namespace selfheal::docker_call
