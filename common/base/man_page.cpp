#include "common/base/command_pages.h"
#include "common/base/option_text.h"
#include "common/base/program.h"

namespace selfheal {
namespace {

// Text as roff takes it: a hyphen of ours is one to be copied into a shell, a backslash is itself.
std::string roff(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '-') {
      escaped += "\\-";
    } else if (c == '\\') {
      escaped += "\\e";
    } else {
      escaped += c;
    }
  }
  // In the first column these begin a request.
  const bool request = !escaped.empty() && (escaped[0] == '.' || escaped[0] == '\'');
  return request ? "\\&" + escaped : escaped;
}

std::string bold(const std::string& text) {
  return "\\fB" + roff(text) + "\\fR";
}
std::string italic(const std::string& text) {
  return "\\fI" + roff(text) + "\\fR";
}

std::string sentence(std::string text) {
  if (!text.empty() && text.back() != '.') text += '.';
  return text;
}

std::string without_full_stop(std::string text) {
  if (!text.empty() && text.back() == '.') text.pop_back();
  return text;
}

// "-v, --verbose", "--log.level=LEVEL", or the name of a positional one.
std::string heading(const CLI::Option& option) {
  const std::string value = takes_value(option) ? option.get_type_name() : "";
  if (option.get_positional()) return italic(option.get_name(true));
  std::string names;
  for (const std::string& name : option.get_snames())
    names += (names.empty() ? "" : ", ") + bold("-" + name);
  for (const std::string& name : option.get_lnames())
    names += (names.empty() ? "" : ", ") + bold("--" + name);
  return value.empty() ? names : names + "=" + italic(value);
}

std::string entry(const CLI::Option& option) {
  std::string text = ".TP\n" + heading(option) + "\n" + roff(sentence(option.get_description()));
  const std::string default_value = default_of(option);
  if (!default_value.empty()) text += " Default: " + bold(default_value) + ".";
  if (!option.get_envname().empty()) text += " Environment: " + bold(option.get_envname()) + ".";
  return text + "\n";
}

std::string entries(const CLI::App& app) {
  std::string text;
  for (const CLI::Option* option : app.get_options())
    if (is_shown(*option)) text += entry(*option);
  return text;
}

std::string positionals(const CLI::App& app) {
  std::string text;
  for (const CLI::Option* option : app.get_options()) {
    if (!option->get_positional()) continue;
    const std::string name = italic(option->get_name(true));
    text += option->get_required() ? " " + name : " [" + name + "]";
  }
  return text;
}

std::string usage(const CLI::App& app, const std::string& command) {
  return bold(command) + " [" + italic("OPTION") + "...]" + positionals(app) + "\n";
}

std::string commands_section(const CLI::App& app) {
  std::string text;
  for (const CLI::App* command : app.get_subcommands({})) {
    text += ".SS " + roff(command->get_name()) + "\n" + roff(sentence(command->get_description())) +
            "\n" + entries(*command);
  }
  return text.empty() ? "" : ".SH COMMANDS\n" + text;
}

// What daemon.h and program.h promise for both.
constexpr const char* kHabits =
    ".SH SIGNALS\n"
    ".TP\n.B SIGHUP\nTake up a changed configuration; one with a fault changes nothing.\n"
    ".TP\n.BR SIGTERM \", \" SIGINT\nFinish what is under way and end.\n"
    ".SH EXIT STATUS\n"
    ".TP\n.B 0\nDone, or ended by SIGTERM or SIGINT.\n"
    ".TP\n.B 1\nIt failed.\n"
    ".TP\n.B 2\nBad usage, or a faulty configuration; the fault stands on stderr.\n";

}  // namespace

std::string man_page(const CLI::App& app) {
  const std::string name = app.get_name();
  std::string synopsis = usage(app, name);
  for (const CLI::App* command : app.get_subcommands({}))
    synopsis += ".br\n" + usage(*command, name + " " + command->get_name());
  return ".\\\" Made by " + name + " --help-man.\n" +  //
         ".TH " + name + " 1 \"\" \"selfheal " + std::string(version()) + "\" \"User Commands\"\n" +
         ".SH NAME\n" + roff(name) + " \\- " + roff(without_full_stop(app.get_description())) +
         "\n" + ".SH SYNOPSIS\n" + synopsis +  //
         ".SH DESCRIPTION\n" + roff(sentence(app.get_description())) +
         "\nThe command line wins over the environment.\n" +  //
         ".SH OPTIONS\n" + entries(app) + commands_section(app) + kHabits;
}

}  // namespace selfheal
