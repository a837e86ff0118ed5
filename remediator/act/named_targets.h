// Whether there is what a person names in a pause: a typing error would hold nothing, and nobody
// would know. Safe from any thread; asks Docker, and blocks for as long as that may take.
#pragma once

#include <optional>
#include <string>

#include "common/docker/docker_api.h"
#include "remediator/incident/pause.h"
#include "remediator/journal/journal.h"

namespace selfheal {

class NamedTargets {
 public:
  NamedTargets(DockerApi& docker, Journal& journal) : docker_(docker), journal_(journal) {}

  // That there is no such container or group now, for a person. Nothing: there is one, or nobody
  // can tell (Docker does not answer): what holds healing back is then taken as it is said.
  //
  // A group is known by the labels of its containers or by an incident: the exporter's
  // configuration can name groups too.
  std::optional<std::string> why_unknown(const PauseTarget& target) const;

 private:
  bool has_container(const std::string& name) const;
  bool has_group(const std::string& host, const std::string& name) const;

  DockerApi& docker_;
  Journal& journal_;
};

}  // namespace selfheal
