// What attempts leave behind in Docker when they are over, and is put in order as soon as it can
// be, also when their incident has ended (Incident::owes), by whatever process:
//
//   - containers that share the network of a restarted one, and that this has left stopped
//     (network_sharers.h): started when that network is there, unless people or labels object;
//   - a new container that Docker creates for a recreation after that was given up, as one that was
//     stuck does with what it was asked for long ago: removed, unless this is a dry run or people
//     have paused it.
//
// It is in order as well when somebody else has started or removed what was left; a stop of what is
// down already shows nowhere. What is not in order a day after the incident's end is given up, and
// its decisions and the log say what it was. Safe from any thread; blocks as Docker's calls do.
#pragma once

#include "remediator/act/attempt_steps.h"
#include "remediator/act/docker_hosts.h"
#include "remediator/act/network_sharers.h"
#include "remediator/config.h"

namespace selfheal {

class Aftermath {
 public:
  Aftermath(Journal& journal, const DockerHosts& hosts, const AttemptSteps& steps,
            const NetworkSharers& sharers, const CurrentSettings& settings, const Clock& clock);

  // While the incident waits for its next attempt: there may be none.
  void see_to(const Incident& incident) const;
  // Of an incident that has ended. When to look again; nothing when nothing is left to be done.
  Again put_in_order(const Incident& incident) const;

 private:
  // Starts and removes what it can. Whether nothing is left, and nothing can come any more.
  bool is_in_order(const DockerHost& host, const Incident& incident) const;
  // Whether there is none left that Docker has created too late.
  bool remove_late(DockerApi& docker, const Incident& incident) const;
  static bool none_is_late(DockerApi& docker, const Incident& incident);
  bool is_paused(const Incident& incident) const;
  // By any incident of this container's; then what it has created is none of ours.
  bool is_being_healed(const Incident& incident) const;
  Again give_up(const DockerHost& host, const Incident& incident) const;

  Journal& journal_;
  const DockerHosts& hosts_;
  const AttemptSteps& steps_;
  const NetworkSharers& sharers_;
  const CurrentSettings& settings_;
  const Clock& clock_;
};

}  // namespace selfheal
