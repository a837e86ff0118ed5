// The calls that put one container in another one's place.
#include "common/docker/docker_call.h"
#include "common/docker/docker_client.h"

namespace selfheal {

using docker_call::container_path;
using docker_call::kActionMargin;
using docker_call::kQuickTimeout;
using docker_call::parsed;

DockerResult<std::string> DockerClient::inspect_raw(const std::string& container) {
  auto answer = perform("inspect", "GET", container_path(container, "/json"), kQuickTimeout);
  if (!answer) return answer.error();
  return std::move(answer->body);
}

DockerResult<std::string> DockerClient::image_id(const std::string& image) {
  // Its slashes are part of the path, for engines and for proxies in front of them.
  std::string path = "/images";
  for (size_t begin = 0; begin <= image.size();) {
    const size_t end = std::min(image.find('/', begin), image.size());
    (path += '/') += url_encode(image.substr(begin, end - begin));
    begin = end + 1;
  }
  const auto answer = perform("image inspect", "GET", path + "/json", kQuickTimeout);
  if (!answer) return answer.error();
  return parsed(parse_id(answer->body, "an image"));
}

DockerResult<std::string> DockerClient::network_id(const std::string& network) {
  const auto answer =
      perform("network inspect", "GET", "/networks/" + url_encode(network), kQuickTimeout);
  if (!answer) return answer.error();
  return parsed(parse_id(answer->body, "a network"));
}

DockerResult<std::string> DockerClient::create(const std::string& name,
                                               const std::string& request) {
  const auto answer = perform("create", "POST", "/containers/create?name=" + url_encode(name),
                              kActionMargin, request);
  if (!answer) return answer.error();
  return parsed(parse_id(answer->body, "what was created"));
}

DockerResult<Done> DockerClient::rename(const std::string& container, const std::string& name) {
  return act("rename", container_path(container, "/rename?name=" + url_encode(name)),
             kActionMargin);
}

DockerResult<Done> DockerClient::connect_network(const std::string& network,
                                                 const std::string& container,
                                                 const std::string& endpoint_settings) {
  return act("network connect", "/networks/" + url_encode(network) + "/connect", kActionMargin,
             connect_request(container, endpoint_settings));
}

DockerResult<Done> DockerClient::set_restart_policy(const std::string& container,
                                                    const std::string& policy) {
  return act("update", container_path(container, "/update"), kActionMargin,
             R"({"RestartPolicy":)" + policy + "}");
}

DockerResult<Done> DockerClient::remove(const std::string& container) {
  const auto answer =
      perform("remove", "DELETE", container_path(container, "?v=0&force=0"), kActionMargin);
  if (!answer) return answer.error();
  return Done{};
}

}  // namespace selfheal
