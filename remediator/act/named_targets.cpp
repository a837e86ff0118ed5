#include "remediator/act/named_targets.h"

#include <algorithm>
#include <future>
#include <memory>

#include "common/docker/container_group.h"
#include "remediator/incident/target.h"

namespace selfheal {
namespace {

// A person waits, whose pause may be urgent because Docker does not answer.
constexpr Milliseconds kTimeout{2'000};

}  // namespace

std::optional<std::string> NamedTargets::why_unknown(const PauseTarget& target) const {
  const DockerHost host = hosts_.find(target.host);
  if (!host.usable()) return std::nullopt;
  const bool known =
      target.scope == PauseScope::container ? has_container(*host.docker, target.name)
      : target.scope == PauseScope::group   ? has_group(*host.docker, target.host, target.name)
                                            : true;
  if (known) return std::nullopt;
  return "name: there is no " + std::string(to_string(target.scope)) + " " + target.name + " on " +
         target.host + " now; if it is still to come: \"ahead\": true, or pause --ahead";
}

bool NamedTargets::has_service(DockerApi& docker, const std::string& name) {
  const auto found = docker.inspect_service(name);
  if (!found) return found.error().kind != DockerFailureKind::not_found;
  return found->name == name;
}

bool NamedTargets::has_container(DockerApi& docker, const std::string& name) {
  if (const auto service = service_of(name)) return has_service(docker, *service);
  const auto answer = std::make_shared<std::promise<DockerResult<ContainerDetails>>>();
  docker.inspect_async(name, kTimeout, [answer](DockerResult<ContainerDetails> details) {
    answer->set_value(std::move(details));
  });
  const auto found = answer->get_future().get();
  if (!found) return found.error().kind != DockerFailureKind::not_found;
  return found->name == name;  // and not an id, by which no alert names it
}

bool NamedTargets::has_group(DockerApi& docker, const std::string& host,
                             const std::string& name) const {
  const auto containers = docker.list();
  if (!containers) return true;
  bool known = std::any_of(containers->begin(), containers->end(), [&](const auto& container) {
    return group_of(container.labels, container.name) == name;
  });
  const auto read = journal_.read([&](JournalReader& reader) {
    for (const Incident& last : reader.last_incidents())
      known = known || (last.host == host && last.group == name);
  });
  return known || !read;
}

}  // namespace selfheal
