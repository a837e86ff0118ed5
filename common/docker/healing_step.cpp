#include "common/docker/healing_step.h"

#include <algorithm>
#include <utility>

#include "common/base/enum_names.h"
#include "common/base/shell_words.h"
#include "common/base/time_text.h"

namespace selfheal {
namespace {

constexpr EnumNames<Action, 7> kActions{{{Action::restart, "restart"},
                                         {Action::kill, "kill"},
                                         {Action::start, "start"},
                                         {Action::stop, "stop"},
                                         {Action::recreate, "recreate"},
                                         {Action::exec, "exec"},
                                         {Action::service_update, "service-update"}}};
constexpr std::string_view kExec = "exec:";
constexpr std::string_view kBlanks = " \t\n";

std::string_view trimmed(std::string_view text) {
  const size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return "";
  return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

Error not_an_action(std::string_view text) {
  return {"\"" + std::string(text) +
          "\" is not an action; expected restart, start, stop, kill, recreate, service-update or "
          "exec:COMMAND"};
}

// Up to the comma that ends the step; those within a JSON list belong to it.
size_t end_of_step(std::string_view text) {
  if (!trimmed(text).starts_with("exec:[")) return std::min(text.find(','), text.size());
  bool in_string = false;
  for (size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\\' && in_string)
      ++at;
    else if (text[at] == '"')
      in_string = !in_string;
    else if (text[at] == ',' && !in_string && text.substr(0, at).find(']') != std::string::npos)
      return at;
  }
  return text.size();
}

}  // namespace

std::string_view to_string(Action action) {
  return name_of(kActions, action);
}

std::optional<Action> parse_action(std::string_view name) {
  return value_of(kActions, name);
}

Result<HealingStep> parse_step(std::string_view text) {
  text = trimmed(text);
  HealingStep step;
  if (text.starts_with(kExec)) {
    auto command = parse_command(text.substr(kExec.size()));
    if (!command) return Error{"exec: " + command.error().message};
    step.action = Action::exec;
    step.command = *std::move(command);
    return step;
  }
  const size_t gap = std::min(text.find_first_of(kBlanks), text.size());
  const auto action = parse_action(text.substr(0, gap));
  if (!action) return not_an_action(text);
  if (*action == Action::exec) return Error{"exec needs its command, exec:COMMAND"};
  step.action = *action;
  if (gap == text.size()) return step;
  const auto timeout = parse_duration(trimmed(text.substr(gap)));
  if (!timeout)
    return Error{"behind " + std::string(to_string(*action)) + ": " + timeout.error().message};
  step.timeout = *timeout;
  return step;
}

Result<std::vector<HealingStep>> parse_steps(std::string_view text) {
  std::vector<HealingStep> steps;
  for (;;) {
    const size_t end = end_of_step(text);
    auto step = parse_step(text.substr(0, end));
    if (!step) return step.error();
    steps.push_back(*std::move(step));
    if (end == text.size()) return steps;
    text.remove_prefix(end + 1);
  }
}

std::string to_text(const HealingStep& step) {
  if (step.action == Action::exec) return std::string(kExec) + format_command(step.command);
  return std::string(to_string(step.action)) +
         (step.timeout ? " " + format_duration(*step.timeout) : "");
}

}  // namespace selfheal
