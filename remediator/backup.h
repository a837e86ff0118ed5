// `selfheal-remediator backup FILE`: a copy of the journal, also while a remediator runs on it.
#pragma once

#include <string>

#include "common/base/flags.h"

namespace selfheal {

class BackupCommand {
 public:
  // Adds the subcommand to the daemon's flags; must outlive the parsing.
  explicit BackupCommand(CLI::App& app);
  // Whether it is what the command line asks for.
  bool chosen() const { return command_->parsed(); }
  // Prints what was written to stdout, faults to stderr; the program's exit status.
  int run(const std::string& journal) const;

 private:
  CLI::App* command_;
  std::string file_;
};

}  // namespace selfheal
