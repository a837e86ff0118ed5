#include "remediator/act/recreate/recreate_check.h"

#include "common/docker/docker_answer.h"
#include "remediator/act/recreate/recreatable.h"
#include "remediator/act/recreate/replacement_view.h"

namespace selfheal {
namespace {

using Reason = std::optional<std::string>;

// Docker starts no container whose network is gone. Stopped, it would be lost, and with it the way
// back.
DockerResult<Reason> gone_network(DockerApi& docker, const std::string& inspected) {
  const auto needed = needed_networks(inspected);
  if (!needed) return malformed_answer(needed.error());
  for (const NeededNetwork& network : *needed) {
    const auto found = docker.network_id(network.reference);
    if (found) continue;
    if (found.error().kind != DockerFailureKind::not_found) return found.error();
    return Reason("its network " + network.name +
                  " was removed: once stopped, it could not be started again, nor put back; make "
                  "the container anew by hand");
  }
  return Reason();
}

DockerResult<Reason> hanging_on(DockerApi& docker, const SeenContainer& subject) {
  const auto all = docker.list();
  if (!all) return all.error();
  for (const ContainerSummary& other : *all) {
    if (other.id == subject.id) continue;
    const auto another = docker.inspect_raw(other.id);
    if (!another && another.error().kind == DockerFailureKind::not_found) continue;
    if (!another) return another.error();
    const auto hangs = how_it_hangs_on(*another, subject.id, subject.name);
    if (!hangs) return malformed_answer(hangs.error());
    if (*hangs) return Reason(**hangs + ", and would lose it");
  }
  return Reason();
}

}  // namespace

DockerResult<Reason> why_not_recreate(DockerApi& docker, const std::string& container) {
  const auto inspected = docker.inspect_raw(container);
  if (!inspected) return inspected.error();
  const auto itself = why_not_recreate(*inspected);
  if (!itself) return malformed_answer(itself.error());
  if (*itself) return *itself;
  const auto subject = parse_seen_container(*inspected);
  if (!subject) return malformed_answer(subject.error());
  const auto network = gone_network(docker, *inspected);
  if (!network || *network) return network;
  return hanging_on(docker, *subject);
}

}  // namespace selfheal
