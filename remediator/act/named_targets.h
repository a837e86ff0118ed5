// Whether there is what a person names in a pause: a typing error would hold nothing, and nobody
// would know. Safe from any thread; asks the Docker of its host, and blocks for as long as that may
// take.
#pragma once

#include <optional>
#include <string>

#include "remediator/act/docker_hosts.h"
#include "remediator/incident/pause.h"
#include "remediator/journal/journal.h"

namespace selfheal {

class NamedTargets {
 public:
  NamedTargets(const DockerHosts& hosts, Journal& journal) : hosts_(hosts), journal_(journal) {}

  // That there is no such container or group now, for a person. Nothing: there is one, or nobody
  // can tell (Docker does not answer): what holds healing back is then taken as it is said.
  //
  // A group is known by the labels of its containers or by an incident: the exporter's
  // configuration can name groups too.
  std::optional<std::string> why_unknown(const PauseTarget& target) const;

 private:
  static bool has_service(DockerApi& docker, const std::string& name);
  // Or service, where it is service/NAME.
  static bool has_container(DockerApi& docker, const std::string& name);
  bool has_group(DockerApi& docker, const std::string& host, const std::string& name) const;

  const DockerHosts& hosts_;
  Journal& journal_;
};

}  // namespace selfheal
