// What attempts leave behind in Docker when they are over, and is put in order as soon as it can
// be, also when their incident has ended (Incident::owes), by whatever process:
//
//   - containers that share the network of a restarted one, and that this has left stopped
//     (network_sharers.h): started when that network is there, unless people or labels object;
//   - a new container that Docker creates for a recreation after that was given up, as one that was
//     stuck does with what it was asked for long ago: removed.
//
// Settled is what somebody else has started, stopped or removed, too. Safe from any thread; blocks
// as Docker's calls do.
#pragma once

#include "remediator/act/attempt_steps.h"
#include "remediator/act/docker_hosts.h"
#include "remediator/act/network_sharers.h"

namespace selfheal {

class Aftermath {
 public:
  Aftermath(Journal& journal, const DockerHosts& hosts, const AttemptSteps& steps,
            const NetworkSharers& sharers, const Clock& clock);

  // While the incident waits for its next attempt: there may be none.
  void see_to(const Incident& incident) const;
  // Of an incident that has ended. When to look again; nothing when all is settled.
  Again settle(const Incident& incident) const;

 private:
  // Whether a container may yet appear, or has and could not be removed.
  bool may_be_created(const DockerHost& host, const Incident& incident) const;
  bool remove_late(DockerApi& docker, const Incident& incident) const;
  // By any incident of this container's; then what it has created is none of ours.
  bool is_being_healed(const Incident& incident) const;

  Journal& journal_;
  const DockerHosts& hosts_;
  const AttemptSteps& steps_;
  const NetworkSharers& sharers_;
  const Clock& clock_;
};

}  // namespace selfheal
