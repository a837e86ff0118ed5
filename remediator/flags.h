// The command line of selfheal-remediator, but for its subcommands.
#pragma once

#include "common/base/flags.h"
#include "remediator/remediator.h"

namespace selfheal {

struct RemediatorFlags {
  CommonFlags common;
  RemediatorOptions options;

  // Adds the flags; must outlive the parsing.
  void add_to(CLI::App& app);
  // After the parsing: sets up logging, and gives the options what they share with the other
  // daemon's; false after saying on stderr what is wrong.
  bool apply();
};

}  // namespace selfheal
