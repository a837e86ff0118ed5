// The subcommands that talk to a running remediator: incidents, show, pause, resume, reset.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/base/clock.h"
#include "common/base/flags.h"

namespace selfheal {

class Commands {
 public:
  void add_to(CLI::App& app);
  // The exit status of the one that was given; nothing where none was. What is asked for goes to
  // stdout, what is wrong to stderr.
  std::optional<int> run(const std::string& token_file, const Clock& clock) const;

 private:
  std::string url_ = "http://127.0.0.1:10116";
  CLI::App* incidents_ = nullptr;
  CLI::App* show_ = nullptr;
  CLI::App* pause_ = nullptr;
  CLI::App* resume_ = nullptr;
  CLI::App* reset_ = nullptr;
  std::string container_;
  std::string state_;
  std::string since_;
  int limit_ = 20;
  std::string id_;
  std::vector<std::string> target_;
  std::string reason_;
  bool ahead_ = false;
  std::string length_;
};

}  // namespace selfheal
