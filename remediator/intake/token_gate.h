// Who may speak to the remediator: whoever carries the bearer token, where there is one.
//
// A wrong one counts as a failed login of its address (login_limit.h), and an address that was
// wrong too often gets 429 whatever it carries, until it has waited. No token at all, or a user's
// password, is not a wrong one. Safe from any thread.
#pragma once

#include <memory>
#include <mutex>
#include <optional>

#include "common/http/login_limit.h"
#include "common/http/server_request.h"
#include "remediator/intake/bearer_token.h"

namespace selfheal {

class TokenGate {
 public:
  // Without a token everyone is let in; the caller then listens on loopback only.
  TokenGate(std::optional<BearerToken> token, std::shared_ptr<LoginLimit> logins);

  void set_token(BearerToken token);
  bool has_token();
  bool accepts(const ServerRequest& request);
  // The answer to who may not: 401 or 429, as JSON. Nothing: let it in.
  std::optional<ServerResponse> refuse(const ServerRequest& request);
  static bool has_bearer(const ServerRequest& request);

 private:
  enum class Verdict { accepted, none_given, wrong, limited };
  Verdict judge(const ServerRequest& request);

  const std::shared_ptr<LoginLimit> logins_;
  std::mutex mutex_;
  std::optional<BearerToken> token_;
};

}  // namespace selfheal
