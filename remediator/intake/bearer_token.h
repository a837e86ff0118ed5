// The secret that Alertmanager sends along: read from a file, compared in constant time. It is
// never logged. Safe from any thread.
#pragma once

#include <string>
#include <string_view>

#include "common/base/result.h"

namespace selfheal {

class BearerToken {
 public:
  // Whitespace at the end of the file is not part of the token, as with Alertmanager's own
  // credentials_file. An empty token is an error.
  static Result<BearerToken> from_file(const std::string& path);

  explicit BearerToken(std::string token) : token_(std::move(token)) {}

  // `authorization` is the header's whole value.
  bool accepts(std::string_view authorization) const;

 private:
  std::string token_;
};

}  // namespace selfheal
