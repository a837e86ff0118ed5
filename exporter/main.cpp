// selfheal-exporter: parses flags, nothing else. exporter.h has the rest.
#include <iostream>

#include "common/base/daemon.h"
#include "common/base/flags.h"
#include "common/base/log.h"
#include "common/base/reference_page.h"
#include "common/docker/docker_client.h"
#include "common/docker/docker_flags.h"
#include "common/http/health_command.h"
#include "common/http/own_address.h"
#include "common/http/web_gate.h"
#include "exporter/command/probe_command.h"
#include "exporter/exporter.h"

namespace {

using namespace selfheal;

struct Flags {
  CommonFlags common;
  DockerFlags docker;
  double timeout_offset_s = ExporterOptions{}.timeout_offset.count();
  size_t history_limit = ExporterOptions{}.history_limit;
};

int run(const Flags& flags, const ExporterSettings& settings, DockerAddress address,
        std::shared_ptr<WebGate> web_gate, const Clock& clock) {
  Daemon daemon;
  log::info("starting", {{"program", version_text("selfheal-exporter")}});
  DockerClient docker(std::move(address), clock);
  Exporter exporter(
      {flags.common.config_file, flags.common.listen_addresses, flags.common.telemetry_path,
       flags.common.enable_lifecycle, flags.docker.host, TraceSeconds(flags.timeout_offset_s),
       flags.history_limit, std::move(web_gate)},
      settings, clock, docker);
  if (const auto started = exporter.start(); !started) {
    log::error("can't start", {{"err", started.error().message}});
    return kExitFailed;
  }
  daemon.wait_for_stop([&] { static_cast<void>(exporter.reload()); });
  log::info("stopping");
  exporter.stop();
  return kExitDone;
}

std::string reference(const CLI::App& app) {
  return reference_page(app, {{"--config.file", "YAML. None is needed; an unknown key is a fault.",
                               config_reference()},
                              web_config_file()});
}

int tell_checked(const std::string& file, const ExporterSettings& settings) {
  for (const std::string& warning : settings.warnings)
    std::cout << file << ": warning: " << warning << '\n';
  std::cout << (file.empty() ? "no configuration file, the defaults" : file) << ": fine, "
            << summary(settings) << '\n';
  return kExitDone;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Probes the containers that opted in and publishes their health for Prometheus",
               "selfheal-exporter");
  Flags flags;
  flags.common.add_to(app, ":10115");
  add_page(app, "--help-configuration", reference);
  flags.docker.add_to(app);
  add_flag(app, "--timeout-offset", flags.timeout_offset_s,
           "Seconds of the scrape timeout that /probe leaves for the way back");
  add_flag(app, "--history.limit", flags.history_limit,
           "Probes on demand that are remembered for /logs");
  ProbeCommand probe(app);
  HealthCommand health(app, Remarks::are_faults);
  if (const auto status = parse_command_line(app, argc, argv)) return *status;
  if (!flags.common.apply()) return kExitBadUsage;
  if (probe.chosen()) return probe.run();
  const SystemClock clock;
  if (health.chosen()) return health.run(flags.common, clock);

  const auto address = flags.docker.address();
  if (!address) {
    std::cerr << address.error().message << '\n';
    return kExitBadUsage;
  }
  const auto networks = check_networks(flags.common.listen_addresses);
  const auto settings = read_config(flags.common.config_file);
  auto web_gate = WebGate::open(flags.common.web_config_file, clock);
  if (!settings) std::cerr << settings.error().message << '\n';
  if (!web_gate) std::cerr << web_gate.error().message << '\n';
  if (!networks) std::cerr << networks.error().message << '\n';
  if (!networks || !settings || !web_gate) return kExitBadUsage;
  if (flags.common.config_check) return tell_checked(flags.common.config_file, *settings);
  return run(flags, *settings, *address, *std::move(web_gate), clock);
}
