#include <algorithm>

#include "common/docker/healing_step.h"
#include "remediator/act/recreate/recreate_check.h"
#include "remediator/act/recreate/replacement.h"
#include "remediator/act/remedies/docker_word.h"
#include "remediator/act/remedies/remedies.h"

namespace selfheal::remedies {
namespace {

// Beside the stop timeout: for creating, connecting and starting.
constexpr std::chrono::seconds kReplaceMargin{120};

Replacement replacement_of(DockerApi& docker, const Incident& incident) {
  const Attempt& attempt = incident.attempts.back();
  return Replacement(docker, attempt.container_id, incident.container, attempt.stop_timeout);
}

// Else it ran: what is down is only recreated where an alert asks for its start.
bool may_have_been_down(const Incident& incident) {
  const WallTime requested_at = incident.attempts.back().requested_at;
  return std::any_of(incident.alerts.begin(), incident.alerts.end(), [&](const IncidentAlert& one) {
    return one.remediation == to_string(Action::start) && one.first_received_at <= requested_at;
  });
}

// All is put back but the start of what was down before the attempt, too. Its end alone does not
// tell: an engine's clock may be behind.
bool is_down_as_before(DockerApi& docker, const Incident& incident) {
  if (!may_have_been_down(incident)) return false;
  const Attempt& attempt = incident.attempts.back();
  const auto standing = replacement_of(docker, incident).standing();
  if (!standing || *standing != ReplacementStanding::untouched) return false;
  const auto live = docker.inspect(attempt.container_id);
  return live && is_down(*live) &&
         (!live->finished_at || *live->finished_at < attempt.requested_at);
}

// Whether trying again could change nothing, after a failure of that kind.
bool is_over(DockerApi& docker, const Incident& incident, DockerFailureKind kind) {
  const auto can_be_put_back = replacement_of(docker, incident).can_be_put_back();
  if (can_be_put_back && !*can_be_put_back) return true;
  return is_definite_no(kind) && is_down_as_before(docker, incident);
}

// As far as it can be.
DockerResult<Done> put_back(DockerApi& docker, const Incident& incident) {
  const auto back = replacement_of(docker, incident).put_back();
  if (back || !is_over(docker, incident, back.error().kind)) return back;
  log_unconfirmed(incident, back.error());
  return Done{};
}

// A person has to see to it: the old one may be down, perhaps under its other name.
NotYet stuck(const DockerFailure& failure) {
  return {kFaultPause, failure.message, AttemptResult::action_failed};
}

// The new container has the name; the old one is kept until the new one has proved itself.
class Recreate final : public Remedy {
 public:
  Effect perform(DockerApi& docker, const Incident& incident, const Clock& clock) const override {
    const auto objection = why_not_recreate(docker, incident.attempts.back().container_id);
    if (!objection) return NoEffect{AttemptResult::action_failed, objection.error().message};
    if (*objection) return NoEffect{AttemptResult::action_failed, **objection};
    return replace(docker, incident, clock);
  }

  Effect look(DockerApi& docker, const Incident& incident, const Clock& clock) const override {
    const auto standing = replacement_of(docker, incident).standing();
    // The old one may be down, and is put right as soon as Docker tells of it.
    if (!standing) return NotYet{kFaultPause};
    switch (*standing) {
      // Minutes may have passed since it was decided: it is decided anew.
      case ReplacementStanding::prepared:
        if (const auto pending = withdraw(docker, incident)) return *pending;
        return as_before(docker, incident);
      case ReplacementStanding::untouched:
        return as_before(docker, incident);
      case ReplacementStanding::gone:
        if (const auto pending = withdraw(docker, incident)) return *pending;
        return NoEffect{AttemptResult::container_gone, "the container was removed"};
      case ReplacementStanding::halfway:
        return replace(docker, incident, clock);
      case ReplacementStanding::replaced:
        return of_the_new_one(docker, incident);
    }
    return NotYet{kFaultPause};
  }

  std::string patient(const Incident& incident) const override { return incident.container; }

  bool is_undone(const Incident& incident, const ContainerDetails& live) const override {
    return live.id == incident.attempts.back().container_id;
  }

  DockerResult<Done> settle(DockerApi& docker, const Incident& incident) const override {
    return replacement_of(docker, incident).finish();
  }

  DockerResult<Done> undo(DockerApi& docker, const Incident& incident) const override {
    return put_back(docker, incident);
  }

 private:
  // Nothing once the new one is gone.
  static std::optional<Effect> withdraw(DockerApi& docker, const Incident& incident) {
    const auto done = replacement_of(docker, incident).withdraw();
    if (done) return std::nullopt;
    log_unconfirmed(incident, done.error());
    if (!is_definite_no(done.error().kind)) return stuck(done.error());
    // It was never started, and is litter.
    return NoEffect{AttemptResult::no_effect, done.error().message};
  }

  // The old one has its name, and there is no new one.
  static Effect as_before(DockerApi& docker, const Incident& incident) {
    // Put back by a process that died before it could start the old one.
    if (!is_down_as_before(docker, incident))
      if (const auto back = put_back(docker, incident); !back) return stuck(back.error());
    return NoEffect{AttemptResult::no_effect, "it was not begun, or has been put back"};
  }

  static Effect replace(DockerApi& docker, const Incident& incident, const Clock& clock) {
    const Attempt& attempt = incident.attempts.back();
    const auto replaced = replacement_of(docker, incident).replace();
    if (replaced) return of_the_new_one(docker, incident);
    const ReplaceFailure& failure = replaced.error();
    log_unconfirmed(incident, failure.cause);
    if (failure.old_in_place || is_over(docker, incident, failure.cause.kind))
      return NoEffect{AttemptResult::action_failed, failure.cause.message};
    if (clock.wall_now() < attempt.requested_at + attempt.stop_timeout + kReplaceMargin)
      return NotYet{kFaultPause};
    if (const auto back = put_back(docker, incident); !back) return stuck(back.error());
    return NoEffect{AttemptResult::action_failed, failure.cause.message};
  }

  static Effect of_the_new_one(DockerApi& docker, const Incident& incident) {
    const auto live = docker.inspect(incident.container);
    if (!live) return NotYet{kFaultPause};
    if (!live->started_at) return NotYet{};
    return InEffect{*live->started_at};
  }
};

}  // namespace

const Remedy& recreate() {
  static const Recreate remedy;
  return remedy;
}

}  // namespace selfheal::remedies
