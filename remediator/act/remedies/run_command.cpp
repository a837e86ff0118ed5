#include "common/base/shell_words.h"
#include "remediator/act/remedies/docker_word.h"
#include "remediator/act/remedies/remedies.h"
#include "remediator/act/secret_mask.h"

namespace selfheal::remedies {
namespace {

constexpr size_t kLongestOutput = 500;

// The end of what it has printed, without the environment's secrets, as far as their names tell
// them (secret_mask.h): it is told to people, and shown to whoever reaches the page. Where the
// environment is not known, nothing of it.
std::string said(DockerApi& docker, const Attempt& attempt, const CommandResult& result) {
  if (result.output.empty()) return "";
  const auto live = docker.inspect(attempt.container_id);
  if (!live) return "";
  const std::string output = SecretMask(live->environment, {}).masked(result.output);
  return ": " + output.substr(output.size() - std::min(output.size(), kLongestOutput));
}

// A command that was begun is never begun again: it may have had its effect. Whether it helped is
// the probes' to say, also when nobody knows how it ended.
class RunCommand final : public Remedy {
 public:
  Effect perform(DockerApi& docker, const Incident& incident, const Clock& clock) const override {
    const Attempt& attempt = incident.attempts.back();
    const auto command = parse_command(attempt.command);
    if (!command) return NoEffect{AttemptResult::action_failed, command.error().message};
    const auto result = docker.exec(attempt.container_id, *command, attempt.stop_timeout);
    if (!result) {
      log_unconfirmed(incident, result.error());
      if (result.error().kind == DockerFailureKind::timeout)
        return NoEffect{AttemptResult::action_failed,
                        "the command has not ended within " +
                            std::to_string(attempt.stop_timeout.count()) +
                            " s (limits.exec_timeout); it goes on running in the container"};
      if (is_definite_no(result.error().kind))
        return NoEffect{AttemptResult::action_failed, result.error().message};
      return look(docker, incident, clock);
    }
    if (result->exit_code != 0)
      return NoEffect{AttemptResult::action_failed, "the command has exited with status " +
                                                        std::to_string(result->exit_code) +
                                                        said(docker, attempt, *result)};
    return look(docker, incident, clock);
  }

  // The command may restart the container itself, by ending its first process.
  Effect look(DockerApi& docker, const Incident& incident, const Clock&) const override {
    const auto live = docker.inspect(incident.attempts.back().container_id);
    if (!live) return without_container(live.error());
    if (!live->started_at || is_down(*live))
      return NoEffect{AttemptResult::not_healthy, "the container is down since the command"};
    return InEffect{*live->started_at};
  }
};

}  // namespace

const Remedy& run_command() {
  static const RunCommand remedy;
  return remedy;
}

}  // namespace selfheal::remedies
