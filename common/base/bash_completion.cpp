#include <set>
#include <string>
#include <vector>

#include "common/base/command_pages.h"
#include "common/base/option_text.h"

namespace selfheal {
namespace {

using Options = std::vector<const CLI::Option*>;

// Its own, and those of the program where they may stand behind it; of two with one name (--help)
// the first.
Options options_of(const CLI::App& app) {
  Options options;
  std::set<std::string> seen;
  for (const CLI::App* at = &app; at != nullptr; at = at->get_parent()) {
    for (const CLI::Option* option : at->get_options()) {
      if (!is_shown(*option) || !seen.insert(option->get_name()).second) continue;
      options.push_back(option);
    }
    if (!at->get_fallthrough()) break;
  }
  return options;
}

// "--a= --b", each with what follows it.
std::string flags(const CLI::App& app) {
  std::string words;
  for (const CLI::Option* option : options_of(app))
    for (const std::string& name : option->get_lnames())
      words += (words.empty() ? "--" : " --") + name + (takes_value(*option) ? "=" : "");
  return words;
}

std::string command_names(const CLI::App& app) {
  std::string words;
  for (const CLI::App* command : app.get_subcommands({}))
    words += (words.empty() ? "" : " ") + command->get_name();
  return words;
}

// How values of this type are found: words for compgen; empty where nothing is known of them.
std::string completed_by(const std::string& type) {
  if (type == "FILE") return "-f";
  if (type == "DIR") return "-d";
  if (type.find('|') == std::string::npos) return "";
  std::string words = type;
  for (char& c : words)
    if (c == '|') c = ' ';
  return "-W '" + words + "'";
}

// Everything with a value has a branch: behind a flag whose values nobody knows nothing is offered.
std::string value_branches(const CLI::App& app) {
  std::string text;
  for (const CLI::Option* option : options_of(app)) {
    if (!takes_value(*option)) continue;
    for (const std::string& name : option->get_lnames())
      text += "        --" + name + ") how=\"" + completed_by(option->get_type_name()) +
              "\"; value=yes ;;\n";
  }
  return text.empty() ? "" : "      case $flag in\n" + text + "      esac\n";
}

std::string positional_how(const CLI::App& app) {
  for (const CLI::Option* option : app.get_options())
    if (option->get_positional()) return completed_by(option->get_type_name());
  return "";
}

std::string branch(const std::string& pattern, const CLI::App& app) {
  return "    " + pattern + ")\n      flags='" + flags(app) + "'\n      commands='" +
         command_names(app) + "'\n      how=\"" + positional_how(app) + "\"\n" +
         value_branches(app) + "      ;;\n";
}

// bash splits --flag=value at the sign, so the flag may stand one word or two before.
constexpr const char* kPrologue = R"(
  local current=${COMP_WORDS[COMP_CWORD]} flag=${COMP_WORDS[COMP_CWORD - 1]}
  local command='' word flags='' commands='' how='' value=''
  if [[ $current == '=' ]]; then
    current=''
  elif [[ $flag == '=' ]] && ((COMP_CWORD > 1)); then
    flag=${COMP_WORDS[COMP_CWORD - 2]}
  fi
  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
)";

constexpr const char* kEpilogue = R"(
  if [[ -z $value && $current == -* ]]; then
    how="-W '$flags'"
  elif [[ -z $value && -n $commands ]]; then
    how="-W '$commands'"
  fi
  COMPREPLY=()
  [[ -n $how ]] || return 0
  # Our own words stand in $how, and nothing that was typed.
  mapfile -t COMPREPLY < <(eval "compgen $how -- \"\$current\"")
  if [[ $how == -f || $how == -d ]]; then compopt -o filenames; fi
  if [[ ${COMPREPLY[0]:-} == *= ]]; then compopt -o nospace; fi
}
)";

}  // namespace

std::string bash_completion(const CLI::App& app) {
  const std::string name = app.get_name();
  std::string function = "_" + name;
  for (char& c : function)
    if (c == '-') c = '_';
  std::string text = "# shellcheck shell=bash\n# Made by " + name +
                     " --completion-script-bash.\n\n" + function + "() {" + kPrologue;
  const std::string commands = command_names(app);
  text += "    if [[ $word != '' && ' " + commands +
          " ' == *\" $word \"* ]]; then command=$word; break; fi\n  done\n  case $command in\n";
  for (const CLI::App* command : app.get_subcommands({}))
    text += branch(command->get_name(), *command);
  return text + branch("*", app) + "  esac" + kEpilogue + "\ncomplete -F " + function + " " + name +
         "\n";
}

}  // namespace selfheal
