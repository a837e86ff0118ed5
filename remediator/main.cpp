// Which subcommand the command line asks for, or the daemon. flags.h has the flags, the commands
// are in their headers, everything else is in Remediator.
#include <iostream>

#include "common/base/daemon.h"
#include "common/http/health_command.h"
#include "common/http/own_address.h"
#include "common/http/web_gate.h"
#include "remediator/backup.h"
#include "remediator/command/commands.h"
#include "remediator/explain/explain_command.h"
#include "remediator/flags.h"

namespace {

using namespace selfheal;

int bad_usage(const Error& error) {
  std::cerr << error.message << '\n';
  return kExitBadUsage;
}

int check_config(const std::string& file) {
  const auto settings = read_config(file);
  if (!settings) return bad_usage(settings.error());
  std::cout << (file.empty() ? "no configuration file, the defaults" : file)
            << ": fine, this is what it comes to:\n"
            << to_yaml(*settings);
  return kExitDone;
}

int run(const RemediatorOptions& options, const Clock& clock) {
  Daemon daemon;
  const auto remediator = Remediator::create(options, clock);
  if (!remediator) return bad_usage(remediator.error());
  log::info("starting", {{"version", version()},
                         {"journal", options.journal_path},
                         {"dry_run", options.dry_run ? "true" : "false"}});
  if (const auto started = (*remediator)->start(); !started) {
    std::cerr << started.error().message << '\n';
    return kExitFailed;
  }
  daemon.wait_for_stop([&] { (void)(*remediator)->reload().ok(); });
  log::info("stopping");
  (*remediator)->stop();
  return kExitDone;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Restarts containers when Alertmanager says so.", "selfheal-remediator");
  RemediatorFlags flags;
  flags.add_to(app);
  ExplainCommand explain(app);
  HealthCommand health(app, Remarks::accepted);  // of several hosts one may be away
  Commands commands;
  commands.add_to(app);
  BackupCommand backup(app);
  if (const auto status = parse_command_line(app, argc, argv)) return *status;
  if (!flags.apply()) return kExitBadUsage;
  const SystemClock clock;
  if (health.chosen()) return health.run(flags.common, clock);
  if (const auto status = commands.run(flags.options.webhook_token_file, clock)) return *status;

  if (const auto fine = check_networks(flags.common.listen_addresses); !fine)
    return bad_usage(fine.error());
  auto web_gate = WebGate::open(flags.common.web_config_file, clock);
  if (flags.common.config_check) {
    const int status = check_config(flags.common.config_file);
    return web_gate ? status : bad_usage(web_gate.error());
  }
  if (!web_gate) return bad_usage(web_gate.error());
  flags.options.web_gate = *std::move(web_gate);
  if (backup.chosen()) return backup.run(flags.options.journal_path);
  if (explain.chosen()) return explain.run(flags.options, clock);
  return run(flags.options, clock);
}
