#include "remediator/flags.h"

#include "common/base/reference_page.h"
#include "common/http/web_config.h"

namespace selfheal {
namespace {

std::string reference(const CLI::App& app) {
  return reference_page(app, {{"--config.file", "YAML. None is needed; an unknown key is a fault.",
                               config_reference()},
                              web_config_file()});
}

void add_peers(CLI::App& app, RemediatorOptions& options) {
  add_flag(app, "--prometheus.url", options.prometheus_url,
           "Prometheus to ask for holds and for health")
      ->type_name("URL");
  add_flag(app, "--alertmanager.url", options.alertmanager_urls,
           "Alertmanager through which people are told what was done; repeatable for a cluster")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name("URL")
      ->default_str("");
  add_flag(app, "--web.external-url", options.external_url,
           "Where people reach this remediator, for links to it; "
           "http://HOSTNAME:PORT by default")
      ->type_name("URL");
}

}  // namespace

void RemediatorFlags::add_to(CLI::App& app) {
  options.journal_path = "/var/lib/selfheal/journal.db";
  common.add_to(app, ":10116");
  add_page(app, "--help-configuration", reference);
  options.docker.add_to(app);
  add_peers(app, options);
  add_flag(app, "--journal.path", options.journal_path, "File of the journal")->type_name("FILE");
  add_flag(app, "--webhook.token-file", options.webhook_token_file,
           "File with the bearer token that Alertmanager sends")
      ->type_name("FILE");
  add_switch(app, "--dry-run", options.dry_run, "Decide, but do nothing");
}

bool RemediatorFlags::apply() {
  if (!common.apply()) return false;
  options.config_file = common.config_file;
  options.listen_addresses = common.listen_addresses;
  options.telemetry_path = common.telemetry_path;
  options.enable_lifecycle = common.enable_lifecycle;
  return true;
}

}  // namespace selfheal
