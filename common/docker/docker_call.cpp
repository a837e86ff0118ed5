#include "common/docker/docker_call.h"

#include "common/docker/docker_messages.h"

namespace selfheal::docker_call {
namespace {

DockerFailureKind kind_of_status(int status) {
  switch (status) {
    case 404:
      return DockerFailureKind::not_found;
    case 409:
      return DockerFailureKind::conflict;
    case 400:
    case 401:
    case 403:
    case 405:
      return DockerFailureKind::refused;
    case 502:  // by a proxy, which has lost the engine, or has not waited as long as we would
    case 504:
      return DockerFailureKind::closed;
    case 503:
      return DockerFailureKind::unavailable;
    default:
      return DockerFailureKind::failed;
  }
}

}  // namespace

HttpRequest post_of(HttpRequest request, std::string json) {
  request.headers.emplace_back("Content-Type", "application/json");
  request.body = std::move(json);
  request.connection = HttpConnection::fresh;
  return request;
}

DockerFailure failure_of_status(std::string_view call, const HttpResponse& response) {
  return {kind_of_status(response.status), "Docker answered " + std::string(call) + " with " +
                                               std::to_string(response.status) + ": " +
                                               parse_error_message(response.body)};
}

std::string container_path(const std::string& container, std::string_view what) {
  return "/containers/" + url_encode(container) + std::string(what);
}

}  // namespace selfheal::docker_call
