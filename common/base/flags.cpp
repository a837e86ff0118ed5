#include "common/base/flags.h"

#include <cstdlib>
#include <iostream>

#include "common/base/command_pages.h"

namespace selfheal {
void add_page(CLI::App& app, const std::string& name,
              const std::function<std::string(const CLI::App&)>& page) {
  const auto print = [&app, page](std::int64_t) {
    std::cout << page(app);
    throw CLI::Success();
  };
  app.add_flag_function(name, print)->group("");
}

std::string environment_name(const std::string& flag) {
  std::string name = "SELFHEAL_";
  for (const char c : flag.substr(flag.find_first_not_of('-')))
    name += c == '.' || c == '-' ? '_' : static_cast<char>(std::toupper(c));
  return name;
}

CLI::Option* add_switch(CLI::App& app, const std::string& name, bool& value,
                        const std::string& help) {
  return app.add_flag(name, value, help)->envname(environment_name(name));
}

void CommonFlags::add_to(CLI::App& app, const std::string& default_listen_address) {
  listen_addresses = {default_listen_address};
  add_flag(app, "--config.file", config_file, "Configuration file; none is needed")
      ->type_name("FILE");
  add_switch(app, "--config.check", config_check, "Check the configuration files and exit");
  add_flag(app, "--web.listen-address", listen_addresses,
           "Address to listen on, host:port, :port, or network/bits:port for this machine's own in "
           "there; repeatable")
      ->delimiter(',')
      ->type_name("ADDRESS");
  add_flag(app, "--web.config.file", web_config_file,
           "File with TLS and users, in the schema of Prometheus' exporter-toolkit")
      ->type_name("FILE");
  add_flag(app, "--web.telemetry-path", telemetry_path, "Path of the metrics")->type_name("PATH");
  add_switch(app, "--web.enable-lifecycle", enable_lifecycle, "Allow POST /-/reload");
  add_flag(app, "--log.level", log_level, "Lowest level that is logged")
      ->type_name("debug|info|warn|error");
  add_flag(app, "--log.format", log_format, "How it is logged")->type_name("logfmt|json");
  app.set_version_flag("--version", version_text(app.get_name()));
  add_page(app, "--help-man", man_page);
  add_page(app, "--completion-script-bash", bash_completion);
}

bool CommonFlags::apply() const {
  const auto level = log::parse_level(log_level);
  const auto format = log::parse_format(log_format);
  if (!level) std::cerr << "--log.level: " << level.error().message << '\n';
  if (!format) std::cerr << "--log.format: " << format.error().message << '\n';
  const bool path_ok = !telemetry_path.empty() && telemetry_path.front() == '/';
  if (!path_ok) std::cerr << "--web.telemetry-path: must begin with a slash\n";
  if (!level || !format || !path_ok) return false;
  log::configure(*level, *format);
  return true;
}

std::optional<int> parse_command_line(CLI::App& app, int argc, const char* const* argv) {
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& end) {
    const int status = app.exit(end);
    return status == 0 ? kExitDone : kExitBadUsage;
  }
  return std::nullopt;
}

std::string default_docker_host() {
  const char* from_environment = std::getenv("DOCKER_HOST");
  if (from_environment != nullptr && *from_environment != '\0') return from_environment;
  return "unix:///var/run/docker.sock";
}

}  // namespace selfheal
