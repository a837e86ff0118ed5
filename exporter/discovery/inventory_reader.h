// Reads what Docker says about the opted-in containers into the inventory.
//
// Owned by DockerWatcher, on its thread; the calls block. A container that can't be inspected is
// told of once, keeps what was known of it, and hides no other: one whose inspect hangs (Docker
// holds a lock for each container) is tried last. A container that shares another's network needs
// that one's inspect as well, and counts as not inspected while it fails.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "common/base/clock.h"
#include "common/docker/docker_api.h"
#include "exporter/discovery/inventory.h"

namespace selfheal {

class InventoryReader {
 public:
  InventoryReader(DockerApi& docker, const Clock& clock, Inventory& inventory)
      : docker_(docker), clock_(clock), inventory_(inventory) {}

  // Everything; the host's name. A failure is Docker's, not one container's.
  DockerResult<std::string> read_all();
  // One container, of which an event told or somebody asked.
  DockerResult<Done> read(const std::string& id);
  // Was a container that is down stopped by request? One look into Docker's event history for all.
  DockerResult<Done> read_evidence();

 private:
  enum class Found { yes, no, no_answer };
  DockerResult<Done> inspect_all(const std::vector<ContainerSummary>& listed);
  DockerResult<Found> inspect(const std::string& id);
  DockerResult<ContainerDetails> ask(const std::string& id);
  DockerResult<Found> failed(const std::string& id, const DockerFailure& failure);
  void note_assumed_host();
  void note_unwatched(const std::vector<ContainerSummary>& listed);
  Found note_failure(const std::string& id, const DockerFailure& failure);

  DockerApi& docker_;
  const Clock& clock_;
  Inventory& inventory_;
  std::string assumed_host_;       // where published ports are looked for, as was told
  std::set<std::string> told_;     // can't be inspected
  std::set<std::string> hanging_;  // those of them that gave no answer in time
  // Whoever gave no answer in time since the last list was begun, owners of networks included.
  std::map<std::string, DockerFailure> silent_;
  std::set<std::string> unwatched_;  // did not opt in, but look as if they should have
  int timeouts_in_a_row_ = 0;
  SteadyTime no_evidence_before_{};
};

}  // namespace selfheal
