// Whether alerts can come in and be acted on now: what /-/ready says. Safe from any thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "remediator/act/docker_hosts.h"
#include "remediator/config.h"
#include "remediator/journal/journal.h"

namespace selfheal {

class Readiness {
 public:
  Readiness(const DockerHosts& hosts, Journal& journal, const CurrentSettings& settings,
            const Clock& clock);

  // All that speaks against it, each a line for a person; empty when ready.
  std::vector<std::string> reasons_against() const;
  // What is not as it should be and does not speak against it: of several hosts those on which
  // nothing can be done, as long as there are others.
  std::vector<std::string> remarks() const;

 private:
  // The Watchdog, an alert that always fires, has not come for longer than watchdog.max_silence.
  // Only where one has ever come; and this process must have been there to hear it for as long.
  std::optional<std::string> pipeline_silent() const;

  const DockerHosts& hosts_;
  Journal& journal_;
  const CurrentSettings& settings_;
  const Clock& clock_;
  const SteadyTime began_;
};

}  // namespace selfheal
