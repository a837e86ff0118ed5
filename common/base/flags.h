// The command line of a daemon: CLI11 with the habits of Prometheus' own programs.
//
// Every flag can also be given as an environment variable: --log.level as SELFHEAL_LOG_LEVEL. The
// command line wins. A flag that is unknown or can't be read ends the program with status 2.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "common/base/log.h"
#include "common/base/program.h"

namespace selfheal {

// "--log.level" to "SELFHEAL_LOG_LEVEL".
std::string environment_name(const std::string& flag);

// Adds --name with its environment variable and help text.
template <class T>
CLI::Option* add_flag(CLI::App& app, const std::string& name, T& value, const std::string& help) {
  return app.add_option(name, value, help)->envname(environment_name(name))->capture_default_str();
}
CLI::Option* add_switch(CLI::App& app, const std::string& name, bool& value,
                        const std::string& help);

// Adds --name, which prints what `page` makes of the program and ends it, as --help does. In no
// help, as with other programs of Prometheus: it is for whoever makes a package.
void add_page(CLI::App& app, const std::string& name,
              const std::function<std::string(const CLI::App&)>& page);

// The flags that both daemons have.
struct CommonFlags {
  std::string config_file;
  bool config_check = false;
  std::vector<std::string> listen_addresses;
  std::string web_config_file;
  std::string telemetry_path = "/metrics";
  bool enable_lifecycle = false;
  std::string log_level = "info";
  std::string log_format = "logfmt";

  void add_to(CLI::App& app, const std::string& default_listen_address);
  // Sets up logging; false after saying on stderr what is wrong.
  bool apply() const;
};

// Parses; nothing when the program should go on, else its exit status (--help, --version, a
// fault: said on stdout or stderr).
std::optional<int> parse_command_line(CLI::App& app, int argc, const char* const* argv);

// "$DOCKER_HOST, else the default socket".
std::string default_docker_host();

}  // namespace selfheal
