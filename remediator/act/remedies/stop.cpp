#include "remediator/act/remedies/docker_word.h"
#include "remediator/act/remedies/remedies.h"

namespace selfheal::remedies {
namespace {

constexpr Milliseconds kEffectPause{200};

// Over when it is down: it is meant to stay so, and there is nothing to prove.
class Stop final : public Remedy {
 public:
  Effect perform(DockerApi& docker, const Incident& incident, const Clock& clock) const override {
    const Attempt& attempt = incident.attempts.back();
    const DockerResult<Done> done = docker.stop(attempt.container_id, attempt.stop_timeout);
    if (!done) {
      log_unconfirmed(incident, done.error());
      if (is_definite_no(done.error().kind)) {
        const auto live = docker.inspect(attempt.container_id);
        if (live && !is_down(*live))
          return NoEffect{AttemptResult::action_failed, done.error().message};
      }
    }
    return look(docker, incident, clock);
  }

  Effect look(DockerApi& docker, const Incident& incident, const Clock& clock) const override {
    const Attempt& attempt = incident.attempts.back();
    const auto live = docker.inspect(attempt.container_id);
    if (!live) return without_container(live.error());
    if (is_down(*live)) return Over{};
    if (live->started_at != attempt.started_before)
      return NoEffect{AttemptResult::restarted_again, "somebody or something else started it"};
    if (clock.wall_now() < attempt.requested_at + attempt.stop_timeout + kStopMargin)
      return NotYet{kEffectPause};
    return NoEffect{AttemptResult::no_effect, "Docker was asked to stop it and did not"};
  }
};

}  // namespace

const Remedy& stop() {
  static const Stop remedy;
  return remedy;
}

}  // namespace selfheal::remedies
