// What goes on in a container: the calls that are over by their timeout, whatever happens.
#include <algorithm>

#include "common/docker/docker_call.h"
#include "common/docker/docker_client.h"
#include "common/docker/docker_evidence_messages.h"
#include "common/docker/log_collector.h"

namespace selfheal {

using docker_call::container_path;
using docker_call::failure_of_status;
using docker_call::kStatsQuery;
using docker_call::parsed;

DockerResult<HttpResponse> DockerClient::look(std::string_view call, HttpRequest asked) {
  const SteadyTime begun = clock_.steady_now();
  HttpResult answer = http_.fetch(std::move(asked));
  if (observer_) observer_(call, clock_.steady_now() - begun);
  if (!answer) return failure_of(call, answer.error());
  return std::move(*answer);
}

DockerResult<LogText> DockerClient::logs(const std::string& container, const LogTail& tail,
                                         Milliseconds timeout) {
  const std::string query =
      "/logs?stdout=1&stderr=1&timestamps=1&tail=" + std::to_string(tail.lines);
  HttpRequest asked = request("GET", known_prefix() + container_path(container, query), timeout);
  LogCollector collector(tail);
  std::string beginning;  // an error answer comes through on_data too; it is short
  asked.on_data = [&collector, &beginning](std::string_view piece) {
    if (beginning.size() < docker_call::kLongestErrorAnswer)
      beginning += piece.substr(0, docker_call::kLongestErrorAnswer);
    collector.feed(piece);
    return true;
  };
  DockerResult<HttpResponse> answer = look("logs", std::move(asked));
  if (!answer) return answer.error();
  if (answer->status == 200) return std::move(collector).taken();
  answer->body = beginning;
  return failure_of_status("logs", *answer);
}

DockerResult<ProcessList> DockerClient::top(const std::string& container, Milliseconds timeout) {
  const SteadyTime deadline = clock_.steady_now() + timeout;
  auto answer = look_at_processes(container, "/top", timeout);
  // Podman runs the container's own ps, and says nothing where there is none; names of columns it
  // looks up itself. To Docker they would be processes' numbers.
  if (answer && answer->status == 200 && answer->body.find('{') == std::string::npos)
    answer = look_at_processes(container, "/top?ps_args=user,pid,ppid,etime,time,args",
                               std::max(Milliseconds(1), std::chrono::duration_cast<Milliseconds>(
                                                             deadline - clock_.steady_now())));
  if (!answer) return answer.error();
  if (answer->status != 200) return failure_of_status("top", *answer);
  return parsed(parse_processes(answer->body));
}

DockerResult<HttpResponse> DockerClient::look_at_processes(const std::string& container,
                                                           std::string_view query,
                                                           Milliseconds timeout) {
  return look("top", request("GET", known_prefix() + container_path(container, query), timeout));
}

DockerResult<ContainerStats> DockerClient::stats(const std::string& container,
                                                 Milliseconds timeout) {
  const auto answer = look(
      "stats", request("GET", known_prefix() + container_path(container, kStatsQuery), timeout));
  if (!answer) return answer.error();
  if (answer->status != 200) return failure_of_status("stats", *answer);
  return parsed(parse_container_stats(answer->body));
}

}  // namespace selfheal
