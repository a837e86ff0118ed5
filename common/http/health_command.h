// `PROGRAM healthcheck`, for Docker's HEALTHCHECK: an image that holds the program and nothing else
// has no curl to ask with.
//
// Exit status 0 when it does its work, or with --alive when it answers at all; 1 when not, with the
// reason on stderr; 2 for bad usage.
#pragma once

#include "common/base/flags.h"
#include "common/http/health_check.h"

namespace selfheal {

class HealthCommand {
 public:
  // Adds the subcommand to the daemon's flags; must outlive the parsing.
  HealthCommand(CLI::App& app, Remarks remarks);
  // Whether it is what the command line asks for.
  bool chosen() const { return command_->parsed(); }
  // The exit status.
  int run(const CommonFlags& flags, const Clock& clock) const;

 private:
  CLI::App* command_;
  const Remarks remarks_;
  std::string url_;
  double timeout_s_ = 3;
  bool alive_ = false;
};

}  // namespace selfheal
