#include "common/http/health_command.h"

#include <iostream>

namespace selfheal {
namespace {

// As the other commands take SELFHEAL_URL: what is asked for begins with one.
std::string without_slashes(std::string url) {
  while (url.ends_with('/')) url.pop_back();
  return url;
}

}  // namespace

HealthCommand::HealthCommand(CLI::App& app, Remarks remarks)
    : command_(app.add_subcommand("healthcheck", "Ask the one that runs here whether it works")),
      remarks_(remarks) {
  // From the environment where it has a password in it: arguments are in the list of processes.
  add_flag(*command_, "--url", url_,
           "Where it is, as http://HOST:PORT or https://USER:PASSWORD@HOST:PORT; else by "
           "--web.listen-address, without TLS")
      ->type_name("URL");
  command_->add_option("--timeout", timeout_s_, "Seconds to wait for the answer")
      ->check(CLI::PositiveNumber)
      ->type_name("SECONDS")
      ->capture_default_str();
  command_->add_flag("--alive", alive_,
                     "Check only that the process answers, for what replaces the unhealthy: "
                     "another one would have no Docker and no Prometheus either");
  command_->fallthrough();  // flags may stand behind the subcommand too
}

int HealthCommand::run(const CommonFlags& flags, const Clock& clock) const {
  const Result<std::string> where =
      url_.empty() ? local_url(flags.listen_addresses) : without_slashes(url_);
  if (!where) {
    std::cerr << where.error().message << '\n';
    return kExitFailed;
  }
  const std::string& url = *where;
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
