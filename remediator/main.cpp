// Flags to options; everything else is in Remediator, explain() and backup().
#include <iostream>

#include "common/base/daemon.h"
#include "common/base/flags.h"
#include "common/base/reference_page.h"
#include "common/http/health_command.h"
#include "common/http/own_address.h"
#include "common/http/web_gate.h"
#include "remediator/backup.h"
#include "remediator/command/commands.h"
#include "remediator/explain/explain.h"
#include "remediator/remediator.h"

namespace {

int bad_usage(const selfheal::Error& error) {
  std::cerr << error.message << '\n';
  return selfheal::kExitBadUsage;
}

std::string reference(const CLI::App& app) {
  return selfheal::reference_page(
      app, {{"--config.file", "YAML. None is needed; an unknown key is a fault.",
             selfheal::config_reference()},
            selfheal::web_config_file()});
}

int check_config(const std::string& file) {
  const auto settings = selfheal::read_config(file);
  if (!settings) return bad_usage(settings.error());
  std::cout << (file.empty() ? "no configuration file, the defaults" : file)
            << ": fine, this is what it comes to:\n"
            << selfheal::to_yaml(*settings);
  return selfheal::kExitDone;
}

int run(const selfheal::RemediatorOptions& options, const selfheal::Clock& clock) {
  selfheal::Daemon daemon;
  const auto remediator = selfheal::Remediator::create(options, clock);
  if (!remediator) return bad_usage(remediator.error());
  selfheal::log::info("starting", {{"version", selfheal::version()},
                                   {"journal", options.journal_path},
                                   {"dry_run", options.dry_run ? "true" : "false"}});
  if (const auto started = (*remediator)->start(); !started) {
    std::cerr << started.error().message << '\n';
    return selfheal::kExitFailed;
  }
  daemon.wait_for_stop([&] { (void)(*remediator)->reload().ok(); });
  selfheal::log::info("stopping");
  (*remediator)->stop();
  return selfheal::kExitDone;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Restarts containers when Alertmanager says so.", "selfheal-remediator");
  selfheal::CommonFlags common;
  selfheal::RemediatorOptions options;
  selfheal::ExplainOptions explained;
  options.journal_path = "/var/lib/selfheal/journal.db";
  common.add_to(app, ":10116");
  selfheal::add_page(app, "--help-configuration", reference);
  options.docker.add_to(app);
  selfheal::add_flag(app, "--prometheus.url", options.prometheus_url,
                     "Prometheus to ask for holds and for health")
      ->type_name("URL");
  selfheal::add_flag(app, "--alertmanager.url", options.alertmanager_urls,
                     "Alertmanager to tell people by of what was done; repeatable for a cluster")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name("URL")
      ->default_str("");
  selfheal::add_flag(app, "--web.external-url", options.external_url,
                     "Where people reach this remediator, for links to it; "
                     "http://HOSTNAME:PORT by default")
      ->type_name("URL");
  selfheal::add_flag(app, "--journal.path", options.journal_path, "File of the journal")
      ->type_name("FILE");
  selfheal::add_flag(app, "--webhook.token-file", options.webhook_token_file,
                     "File with the bearer token that Alertmanager sends")
      ->type_name("FILE");
  selfheal::add_switch(app, "--dry-run", options.dry_run, "Decide, but do nothing");
  CLI::App* explain = app.add_subcommand(
      "explain", "Print what would be decided for a webhook's payload, and do nothing");
  explain->add_option("payload", explained.payload_file, "File with the payload, - for stdin")
      ->required()
      ->type_name("FILE");
  explain->add_option("--journal", explained.journal, "Journal to read what happened before from")
      ->type_name("FILE");
  explain
      ->add_option("--at", explained.at,
                   "Decide as of this time (RFC 3339); of the past: tell what --journal has "
                   "of a payload that came then, by the received_at of the webhook's answer")
      ->type_name("TIME");
  explain->add_flag("--json", explained.json, "One line of JSON for each alert");
  explain->fallthrough();  // flags may stand behind the subcommand too
  // Of several hosts one may be away.
  const selfheal::HealthCommand health(app, selfheal::Remarks::accepted);
  selfheal::Commands commands;
  commands.add_to(app);
  std::string backup_file;
  CLI::App* backup = app.add_subcommand(
      "backup", "Write a copy of --journal.path, also while a selfheal-remediator runs on it");
  backup->add_option("file", backup_file, "File to write, which must not exist")
      ->required()
      ->type_name("FILE");
  backup->fallthrough();
  if (const auto status = selfheal::parse_command_line(app, argc, argv)) return *status;
  if (!common.apply()) return selfheal::kExitBadUsage;
  options.config_file = common.config_file;
  options.listen_addresses = common.listen_addresses;
  options.telemetry_path = common.telemetry_path;
  options.enable_lifecycle = common.enable_lifecycle;
  const selfheal::SystemClock clock;
  if (health.chosen()) return health.run(common, clock);
  if (const auto status = commands.run(options.webhook_token_file, clock)) return *status;
  if (const auto fine = selfheal::check_networks(common.listen_addresses); !fine)
    return bad_usage(fine.error());
  auto web_gate = selfheal::WebGate::open(common.web_config_file, clock);
  if (common.config_check) {
    const int status = check_config(options.config_file);
    return web_gate ? status : bad_usage(web_gate.error());
  }
  if (!web_gate) return bad_usage(web_gate.error());
  options.web_gate = *std::move(web_gate);
  if (backup->parsed()) return selfheal::backup(options.journal_path, backup_file);
  if (explain->parsed()) return selfheal::explain(explained, options, clock);
  return run(options, clock);
}
