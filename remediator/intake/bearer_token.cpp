#include "remediator/intake/bearer_token.h"

#include <cerrno>
#include <fstream>
#include <sstream>
#include <system_error>

#include <openssl/crypto.h>
#include <strings.h>

namespace selfheal {

Result<BearerToken> BearerToken::from_file(const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  if (file) text << file.rdbuf();
  if (!file)
    return Error{path + ": the token can't be read: " + std::generic_category().message(errno)};
  std::string token = text.str();
  token.erase(token.find_last_not_of(" \t\r\n") + 1);
  if (token.empty()) return Error{path + ": the token is empty"};
  return BearerToken(std::move(token));
}

bool BearerToken::accepts(std::string_view authorization) const {
  constexpr std::string_view kScheme = "bearer ";
  if (authorization.size() != kScheme.size() + token_.size()) return false;
  if (strncasecmp(authorization.data(), kScheme.data(), kScheme.size()) != 0) return false;
  return CRYPTO_memcmp(authorization.data() + kScheme.size(), token_.data(), token_.size()) == 0;
}

}  // namespace selfheal
