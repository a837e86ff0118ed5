#include "exporter/command/probe_command.h"

#include <csignal>
#include <cstdlib>
#include <iostream>
#include <string_view>
#include <utility>

#include <sys/ioctl.h>
#include <unistd.h>

#include "common/base/time_text.h"
#include "common/docker/docker_client.h"
#include "exporter/blackbox/debug_output.h"
#include "exporter/command/command_target.h"
#include "exporter/command/probe_report.h"
#include "exporter/config.h"
#include "exporter/probes/net/redacted_url.h"
#include "exporter/probes/prober_set.h"

namespace selfheal {
namespace {

constexpr Milliseconds kDefaultTimeout{5'000};

std::string_view environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string_view() : std::string_view(value);
}

bool is_utf8_locale() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const std::string_view locale = environment(name);
    if (locale.empty()) continue;
    return locale.ends_with("UTF-8") || locale.ends_with("utf8") || locale.ends_with("utf-8");
  }
  return false;
}

Terminal terminal_of_stdout() {
  Terminal terminal;
  if (isatty(STDOUT_FILENO) == 0) return terminal;
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
    terminal.columns = size.ws_col;
  const std::string_view kind = environment("TERM");
  if (kind.empty() || kind == "dumb") return terminal;
  if (environment("NO_COLOR").empty()) terminal.colours = Colours::ansi;
  if (is_utf8_locale()) terminal.glyphs = Glyphs::unicode;
  return terminal;
}

Result<Milliseconds> timeout_of(const std::string& flag, const Module& module) {
  if (flag.empty()) return module.timeout.count() > 0 ? module.timeout : kDefaultTimeout;
  const auto timeout = parse_duration(flag);
  if (!timeout) return Error{"--timeout: " + timeout.error().message};
  if (timeout->count() <= 0) return Error{"--timeout: expected more than 0, as 5s or 500ms"};
  return *timeout;
}

// On this thread, until the probe is over.
ProbeResult probe_now(const Clock& clock, ProbeRequest request) {
  // No probe of this command asks Docker, but probers of every kind are made.
  DockerClient docker(DockerAddress{}, clock);
  EventLoop loop(clock);
  ProberSet probers(loop, docker);
  ProbeResult result;
  const WallTime started_at = clock.wall_now();
  const SteadyTime begun = clock.steady_now();
  probers.of(request.module->prober).start(std::move(request), [&](ProbeResult made) {
    result = std::move(made);
    loop.stop();
  });
  loop.run();
  result.started_at = started_at;
  result.duration = clock.steady_now() - begun;
  return result;
}

int complain(const Error& error) {
  std::cerr << error.message << '\n';
  return kExitBadUsage;
}

}  // namespace

ProbeCommand::ProbeCommand(CLI::App& app)
    : command_(app.add_subcommand("probe", "Make one probe now and tell how it went")) {
  command_
      ->add_option("target", target_,
                   "http://…, https://…, tcp://HOST:PORT, grpc://HOST:PORT/SERVICE, "
                   "dns://HOST/NAME?TYPE or icmp://HOST")
      ->required();
  command_->add_option("--module", module_, "How; else by the scheme of the target");
  command_->add_option("--config.file", config_file_, "Configuration file with further modules")
      ->envname(environment_name("--config.file"))
      ->type_name("FILE");
  command_->add_option("--timeout", timeout_, "As 5s or 500ms; else the module's, or 5s");
  command_->add_option("--hostname", hostname_, "Host header and TLS server name to ask for");
  command_->add_flag("-v,--verbose", verbose_,
                     "Tell first every step, the metrics and the module, as /probe?debug=true");
}

int ProbeCommand::run() const {
  std::signal(SIGPIPE, SIG_IGN);
  const auto settings = read_config(config_file_);
  if (!settings) return complain(settings.error());
  const auto target = read_command_target(target_, module_, settings->discovery->modules);
  if (!target) return complain(target.error());
  const auto timeout = timeout_of(timeout_, *target->module);
  if (!timeout) return complain(timeout.error());

  ProbeRequest request;
  request.module = target->module;
  request.target = target->target;
  request.hostname = hostname_;
  request.timeout = *timeout;
  request.tracing = Tracing::on;
  const SystemClock clock;
  RecentProbe probe{0, redacted_url(target_), target->module, *timeout, {}};
  probe.result = probe_now(clock, std::move(request));
  if (verbose_) std::cout << printable(debug_output(probe), "\n\t") << '\n';
  std::cout << probe_report(probe, clock.wall_now(), terminal_of_stdout());
  return probe.result.outcome == ProbeOutcome::passed ? kExitDone : kExitFailed;
}

}  // namespace selfheal
