#include "remediator/act/remedies/docker_word.h"
#include "remediator/act/remedies/remedies.h"

namespace selfheal::remedies {
namespace {

// A manager begins an update within moments of the request, or not at all.
constexpr std::chrono::seconds kBeginsWithin{15};

Effect without_service(const DockerFailure& failure) {
  if (failure.kind == DockerFailureKind::not_found)
    return NoEffect{AttemptResult::container_gone, "the service was removed"};
  return NotYet{kFaultPause, failure.message};
}

// An update has no name of its own; that it is another one than before is told by when it began.
class ServiceUpdate final : public Remedy {
 public:
  Effect perform(DockerApi& docker, const Incident& incident, const Clock& clock) const override {
    const std::string& id = incident.attempts.back().container_id;
    const auto before = docker.inspect_service(id);
    if (!before) return not_asked(incident, before.error());
    const auto done = docker.force_update(id, before->force_update + 1);
    if (!done) return refused(docker, incident, done.error(), before->force_update, clock);
    return look(docker, incident, clock);
  }

  Effect look(DockerApi& docker, const Incident& incident, const Clock& clock) const override {
    const Attempt& attempt = incident.attempts.back();
    const auto live = docker.inspect_service(attempt.container_id);
    if (!live) return without_service(live.error());
    // Between the request and the beginning of the update there is none.
    if (live->update_started_at && live->update_started_at != attempt.started_before)
      return InEffect{*live->update_started_at};
    if (clock.wall_now() < attempt.requested_at + kBeginsWithin) return NotYet{};
    return NoEffect{AttemptResult::no_effect,
                    "the manager was asked for an update and did not begin one"};
  }

 private:
  static Effect not_asked(const Incident& incident, const DockerFailure& failure) {
    log_unconfirmed(incident, failure);
    if (failure.kind == DockerFailureKind::not_found) return without_service(failure);
    return NoEffect{AttemptResult::action_failed, failure.message};
  }

  // What the manager says no to has not happened, unless the service tells otherwise. That it is no
  // manager any more, or has no leader, is such a no.
  Effect refused(DockerApi& docker, const Incident& incident, const DockerFailure& failure,
                 uint64_t force_update, const Clock& clock) const {
    log_unconfirmed(incident, failure);
    if (failure.kind == DockerFailureKind::not_found) return without_service(failure);
    if (is_definite_no(failure.kind) || failure.kind == DockerFailureKind::unavailable) {
      const auto live = docker.inspect_service(incident.attempts.back().container_id);
      if (live && live->force_update == force_update)
        return NoEffect{AttemptResult::action_failed, failure.message};
    }
    return look(docker, incident, clock);
  }
};

}  // namespace

const Remedy& service_update() {
  static const ServiceUpdate remedy;
  return remedy;
}

}  // namespace selfheal::remedies
