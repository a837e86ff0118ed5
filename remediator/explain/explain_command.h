// The command line of `selfheal-remediator explain` (explain.h).
#pragma once

#include "common/base/flags.h"
#include "remediator/explain/explain.h"

namespace selfheal {

class ExplainCommand {
 public:
  // Adds the subcommand to the daemon's flags; must outlive the parsing.
  explicit ExplainCommand(CLI::App& app);
  // Whether it is what the command line asks for.
  bool chosen() const { return command_->parsed(); }
  // The exit status.
  int run(const RemediatorOptions& remediator, const Clock& clock) const {
    return explain(options_, remediator, clock);
  }

 private:
  CLI::App* command_;
  ExplainOptions options_;
};

}  // namespace selfheal
