#include <algorithm>

#include "common/base/log.h"
#include "remediator/act/remedies/docker_word.h"
#include "remediator/act/remedies/remedies.h"

namespace selfheal::remedies {
namespace {

constexpr Milliseconds kEffectPause{200};
constexpr Milliseconds kLongestDebtPause{30'000};
// A clock that was set by less is not noticed.
constexpr std::chrono::seconds kClockMargin{1};
// Beside the stop timeout: what SIGKILL is out for dies as late as its I/O lets it.
constexpr std::chrono::seconds kDeathMargin{30};
// A refusal that took longer than that came after a signal.
constexpr std::chrono::seconds kQuickRefusal{2};

// Whether it is the action that has ended the container, and no person later. Right before the
// action it ran, so there is no end that is too early: an engine's clock may be behind. One in the
// future a clock that was set since has made, which tells nothing of a person.
bool stopped_by(const Attempt& attempt, const ContainerDetails& live, WallTime now) {
  return !live.finished_at || *live.finished_at > now + kClockMargin ||
         *live.finished_at <= attempt.requested_at + attempt.stop_timeout + kDeathMargin;
}

// Our own debt: an unfinished restart stopped it. It needs no lease and no guard, and it is not
// given up: nobody else would start it, since it looks like stopped by hand. An engine that can't
// start it, or says that it has where it has not, is asked more and more rarely.
Effect start_what_was_left_stopped(DockerApi& docker, const Incident& incident,
                                   const Clock& clock) {
  const Attempt& attempt = incident.attempts.back();
  const DockerResult<Done> started = docker.start(attempt.container_id);
  if (started) {
    const auto live = docker.inspect(attempt.container_id);
    if (live && live->started_at && live->started_at != attempt.started_before)
      return InEffect{*live->started_at};
  }
  log::warn("a container that an unfinished restart left stopped can't be started yet",
            {{"incident", std::to_string(incident.id)},
             {"container", incident.container},
             {"err", started ? "Docker says that it has started it, and it is still down"
                             : started.error().message}});
  const auto since =
      std::chrono::duration_cast<Milliseconds>(clock.wall_now() - attempt.requested_at);
  return NotYet{std::clamp(since / 2, kEffectPause, kLongestDebtPause)};
}

class Restart : public Remedy {
 public:
  Effect perform(DockerApi& docker, const Incident& incident, const Clock& clock) const override {
    const Attempt& attempt = incident.attempts.back();
    const DockerResult<Done> done = call(docker, attempt);
    if (!done) {
      log_unconfirmed(incident, done.error());
      if (has_done_nothing(docker, attempt, done.error().kind, clock.wall_now()))
        return NoEffect{AttemptResult::action_failed, done.error().message};
    }
    return look(docker, incident, clock);
  }

  Effect look(DockerApi& docker, const Incident& incident, const Clock& clock) const override {
    const Attempt& attempt = incident.attempts.back();
    const WallTime now = clock.wall_now();
    const auto live = docker.inspect(attempt.container_id);
    // It may have been left stopped, and would look like stopped by hand to everybody else.
    if (!live && stops_it() && live.error().kind != DockerFailureKind::not_found)
      return NotYet{kFaultPause};
    if (!live) return without_container(live.error());
    if (live->started_at && live->started_at != attempt.started_before)
      return InEffect{*live->started_at};
    if (is_down(*live) && stops_it()) {
      if (stopped_by(attempt, *live, now))
        return start_what_was_left_stopped(docker, incident, clock);
      return NoEffect{AttemptResult::no_effect, "somebody or something else has stopped it"};
    }
    if (now < attempt.requested_at + attempt.stop_timeout + kStopMargin)
      return NotYet{kEffectPause};
    return NoEffect{AttemptResult::no_effect, "Docker was asked for it and did not do it"};
  }

 private:
  // What Docker says no to has not happened, unless the container tells otherwise. But some seconds
  // after SIGKILL it says so of what it has not seen die yet.
  bool has_done_nothing(DockerApi& docker, const Attempt& attempt, DockerFailureKind kind,
                        WallTime now) const {
    const bool signalled = stops_it() && kind == DockerFailureKind::failed &&
                           now - attempt.requested_at >= kQuickRefusal;
    if (signalled || !is_definite_no(kind)) return false;
    const auto live = docker.inspect(attempt.container_id);
    if (!live || live->started_at != attempt.started_before) return false;
    // It was down already: a person's stop, or a crash, which another alert tells of.
    return is_untouched(*live) || kind == DockerFailureKind::conflict;
  }
  virtual DockerResult<Done> call(DockerApi& docker, const Attempt& attempt) const {
    return docker.restart(attempt.container_id, attempt.stop_timeout);
  }
  virtual bool stops_it() const { return true; }
  virtual bool is_untouched(const ContainerDetails& live) const { return live.running(); }
};

// Over when what it left down has been started, by look().
class Kill final : public Restart {
  DockerResult<Done> call(DockerApi& docker, const Attempt& attempt) const override {
    return docker.kill(attempt.container_id);
  }
};

class Start final : public Restart {
  DockerResult<Done> call(DockerApi& docker, const Attempt& attempt) const override {
    return docker.start(attempt.container_id);
  }
  bool stops_it() const override { return false; }
  bool is_untouched(const ContainerDetails&) const override { return true; }
};

}  // namespace

const Remedy& restart() {
  static const Restart remedy;
  return remedy;
}
const Remedy& kill() {
  static const Kill remedy;
  return remedy;
}
const Remedy& start() {
  static const Start remedy;
  return remedy;
}

}  // namespace selfheal::remedies
