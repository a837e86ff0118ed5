#include "common/http/health_command.h"

#include <iostream>

namespace selfheal {

HealthCommand::HealthCommand(CLI::App& app, Remarks remarks)
    : command_(app.add_subcommand("healthcheck", "Ask the one that runs here whether it works")),
      remarks_(remarks) {
  command_->add_option("--url", url_,
                       "Where it is, as http://HOST:PORT or https://USER:PASSWORD@HOST:PORT; else "
                       "by --web.listen-address, without TLS");
  command_->add_option("--timeout", timeout_s_, "Seconds to wait for the answer")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  command_->add_flag("--alive", alive_,
                     "Ask only whether it answers, for those who replace what is not healthy: "
                     "another one would have no Docker and no Prometheus either");
  command_->fallthrough();  // flags may stand behind the subcommand too
}

int HealthCommand::run(const CommonFlags& flags, const Clock& clock) const {
  const std::string url = url_.empty() ? local_url(flags.listen_addresses) : url_;
  if (!url.starts_with("http://") && !url.starts_with("https://")) {
    std::cerr << "--url: expected http://HOST:PORT or https://HOST:PORT\n";
    return kExitBadUsage;
  }
  const auto timeout =
      std::chrono::duration_cast<Milliseconds>(std::chrono::duration<double>(timeout_s_));
  const Outcome<> healthy =
      alive_ ? ask_alive(url, timeout, clock) : ask_health(url, remarks_, timeout, clock);
  if (healthy) return kExitDone;
  std::cerr << healthy.error().message << '\n';
  return kExitFailed;
}

}  // namespace selfheal
