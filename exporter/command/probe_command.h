// `selfheal-exporter probe TARGET`: one probe now, told to a person at a terminal.
//
// Exit status 0 when it passed, 1 when it failed, 2 for bad usage or configuration.
#pragma once

#include <string>

#include "common/base/flags.h"

namespace selfheal {

class ProbeCommand {
 public:
  // Adds the subcommand to the daemon's flags; must outlive the parsing.
  explicit ProbeCommand(CLI::App& app);
  // Whether it is what the command line asks for.
  bool chosen() const { return command_->parsed(); }
  // The exit status.
  int run() const;

 private:
  CLI::App* command_;
  std::string target_;
  std::string module_;
  std::string config_file_;
  std::string timeout_;
  std::string hostname_;
  bool verbose_ = false;
};

}  // namespace selfheal
