// What is done to a container to heal it, as alerts ask for it and as the labels selfheal.action
// and selfheal.escalation say it. The exporter tells faults in them, the remediator acts. [pure]
//
//   restart   stop   recreate 2m   exec:nginx -s reload
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/clock.h"
#include "common/base/result.h"

namespace selfheal {

enum class Action {
  restart,
  kill,   // for what does not end by itself: SIGKILL at once, and then a start
  start,  // of what is down
  stop,   // and it stays down: what is worse up than down
  recreate,
  exec,            // a command in the container
  service_update,  // a forced rolling update of the Swarm service
};

std::string_view to_string(Action action);
std::optional<Action> parse_action(std::string_view name);

struct HealingStep {
  Action action = Action::restart;
  std::vector<std::string> command;     // of exec
  std::optional<Milliseconds> timeout;  // for the proof that it helped; nothing: the general one
  bool operator==(const HealingStep&) const = default;
};

// One step. A timeout may stand behind any but exec, whose text is the command to its end. The
// error says what was expected.
Result<HealingStep> parse_step(std::string_view text);
// Some, with a comma between them; at least one. A command with a comma in it is written as a JSON
// list, exec:["CMD","A,B"].
Result<std::vector<HealingStep>> parse_steps(std::string_view text);
// The text that parse_step reads back to the same.
std::string to_text(const HealingStep& step);

}  // namespace selfheal
