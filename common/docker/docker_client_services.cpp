// Services of a Swarm, through an engine that is a manager of it.
#include "common/docker/docker_call.h"
#include "common/docker/docker_client.h"
#include "common/docker/docker_service_messages.h"

namespace selfheal {
namespace {

using docker_call::failure_of_status;
using docker_call::kQuickTimeout;
using docker_call::parsed;
using docker_call::post_of;

// Of an update that others came before, as often as this: each time the service is read again.
constexpr int kRounds = 4;

std::string service_path(const std::string& service) {
  return "/services/" + url_encode(service);
}

DockerFailure changed_meanwhile(const std::string& service) {
  return {DockerFailureKind::conflict,
          "somebody else changes the service " + service + " at the same time"};
}

}  // namespace

// Without a version in the path, which means the engine's newest: an older one leaves out of a
// specification what it does not know, and an update by it resets that.
DockerResult<HttpResponse> DockerClient::ask_manager(std::string_view call, HttpRequest asked) {
  DockerResult<HttpResponse> answer = look(call, std::move(asked));
  if (!answer || (answer->status >= 200 && answer->status < 300)) return answer;
  DockerFailure failure = failure_of_status(call, *answer);
  // Engines outside any Swarm, its workers, and Podman.
  if (failure.kind == DockerFailureKind::unavailable)
    failure.message +=
        " (services are asked of a manager of their Swarm: the alert's host has to be one)";
  return failure;
}

DockerResult<ServiceDetails> DockerClient::inspect_service(const std::string& service) {
  const auto answer =
      ask_manager("service inspect", request("GET", service_path(service), kQuickTimeout));
  if (!answer) return answer.error();
  return parsed(parse_service(answer->body));
}

DockerResult<std::vector<TaskDetails>> DockerClient::tasks(const std::string& service) {
  const auto answer = ask_manager(
      "tasks",
      request("GET", "/tasks?filters=" + url_encode(tasks_filter(service)), kQuickTimeout));
  if (!answer) return answer.error();
  return parsed(parse_tasks(answer->body));
}

// A manager refuses what was made of an older version ("update out of sequence", by a 500):
// versions move with an update's progress too. So after any failure the service is read again, and
// only what it then is counts: whether the number is there, and whether it is still the same
// specification.
DockerResult<Done> DockerClient::force_update(const std::string& service, uint64_t force_update) {
  std::string first_seen;
  DockerFailure failure = changed_meanwhile(service);
  uint64_t refused_version = 0;
  for (int round = 0; round < kRounds; ++round) {
    const auto answer =
        ask_manager("service inspect", request("GET", service_path(service), kQuickTimeout));
    if (!answer) return round == 0 ? answer.error() : failure;
    const auto live = parse_service(answer->body);
    const auto specification = specification_of(answer->body);
    if (!live) return parsed<Done>(live.error());
    if (!specification) return parsed<Done>(specification.error());
    if (live->force_update >= force_update) return Done{};
    if (round == 0) first_seen = *specification;
    if (*specification != first_seen) return changed_meanwhile(service);
    if (round > 0 && live->version == refused_version) return failure;  // it was not that
    const std::string path =
        service_path(live->id) + "/update?version=" + std::to_string(live->version);
    const auto updated =
        ask_manager("service update", post_of(request("POST", path, kQuickTimeout),
                                              forced_specification(*specification, force_update)));
    if (updated) return Done{};
    failure = updated.error();
    refused_version = live->version;
  }
  return failure;
}

}  // namespace selfheal
