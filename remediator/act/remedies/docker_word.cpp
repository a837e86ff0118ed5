#include "remediator/act/remedies/docker_word.h"

#include "common/base/log.h"

namespace selfheal::remedies {

bool is_down(const ContainerDetails& live) {
  return live.state == ContainerState::exited || live.state == ContainerState::dead;
}

Effect without_container(const DockerFailure& failure) {
  if (failure.kind == DockerFailureKind::not_found)
    return NoEffect{AttemptResult::container_gone, "the container was removed"};
  return NotYet{kFaultPause, failure.message};
}

void log_unconfirmed(const Incident& incident, const DockerFailure& failure) {
  log::warn("Docker did not confirm the action", {{"incident", std::to_string(incident.id)},
                                                  {"container", incident.container},
                                                  {"action", incident.attempts.back().action},
                                                  {"err", failure.message}});
}

}  // namespace selfheal::remedies
