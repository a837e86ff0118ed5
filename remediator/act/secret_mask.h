// A container's environment without its secrets, and any text without them. [pure]
//
// Secret is the value of a variable whose name says so (it has PASSWORD, PASSWD, SECRET, TOKEN,
// KEY, CREDENTIAL, AUTH, PRIVATE or DSN in it, in any case), whose name matches a pattern of the
// configuration, or which is or has in it a URL with a password. A value that is empty stays so: it
// hides nothing, and that it is missing may be what is wrong.
//
// Texts lose each secret of at least six bytes, wherever it stands, also as JSON and URLs write it,
// and of a secret of several lines each such line, since a log has them apart. Immutable, safe from
// any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "remediator/act/name_pattern.h"

namespace selfheal {

inline constexpr std::string_view kMask = "***";

class SecretMask {
 public:
  // `environment` as Docker tells of it, NAME=value; `more` by the configuration.
  SecretMask(const std::vector<std::string>& environment, const std::vector<NamePattern>& more);

  struct Variable {
    std::string name;
    std::string value;
  };
  // In their order, each secret value as ***, the others as masked() leaves them.
  const std::vector<Variable>& environment() const { return environment_; }

  // `text` with *** for each run of bytes that belong to secrets.
  std::string masked(std::string_view text) const;

  // Of the longest secret; 0 when there is none.
  size_t longest() const { return longest_; }

 private:
  void add_secret(std::string_view value);
  void add_piece(std::string_view piece);
  void add_text(std::string_view text);
  // How long the longest secret is that `text` begins with; 0: it begins with none.
  size_t secret_at(std::string_view text) const;

  std::vector<Variable> environment_;
  // By their first bytes, so that a text is gone through once, however many they are.
  std::unordered_map<uint64_t, std::vector<std::string>> secrets_;
  size_t longest_ = 0;
};

}  // namespace selfheal
