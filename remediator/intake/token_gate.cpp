#include "remediator/intake/token_gate.h"

#include <strings.h>

#include "common/http/client_address.h"
#include "common/http/json_reply.h"

namespace selfheal {
namespace {

ServerResponse refusal(int status, const std::string& why,
                       std::pair<std::string, std::string> header) {
  ServerResponse response = json_refusal(status, why);
  response.headers.push_back(std::move(header));
  return response;
}

}  // namespace

TokenGate::TokenGate(std::optional<BearerToken> token, std::shared_ptr<LoginLimit> logins)
    : logins_(std::move(logins)), token_(std::move(token)) {}

void TokenGate::set_token(BearerToken token) {
  const std::lock_guard lock(mutex_);
  token_ = std::move(token);
}

bool TokenGate::has_bearer(const ServerRequest& request) {
  return strncasecmp(request.header("Authorization").c_str(), "Bearer ", 7) == 0;
}

bool TokenGate::has_token() {
  const std::lock_guard lock(mutex_);
  return token_.has_value();
}

bool TokenGate::accepts(const ServerRequest& request) {
  return judge(request) == Verdict::accepted;
}

std::optional<ServerResponse> TokenGate::refuse(const ServerRequest& request) {
  switch (judge(request)) {
    case Verdict::accepted:
      return std::nullopt;
    case Verdict::none_given:
      return refusal(401,
                     "no bearer token (in Alertmanager: http_config.authorization of the receiver)",
                     {"WWW-Authenticate", "Bearer"});
    case Verdict::wrong:
      return refusal(401, "not the token in --webhook.token-file", {"WWW-Authenticate", "Bearer"});
    case Verdict::limited:
      break;
  }
  return refusal(429, "too many wrong tokens from this address",
                 {"Retry-After", std::to_string(LoginLimit::kInterval.count())});
}

TokenGate::Verdict TokenGate::judge(const ServerRequest& request) {
  const std::string client = client_of(request.remote_address());
  bool right = false;
  {
    const std::lock_guard lock(mutex_);
    if (!token_) return Verdict::accepted;
    if (!has_bearer(request)) return Verdict::none_given;
    right = token_->accepts(request.header("Authorization"));
  }
  if (logins_->turns_away(client)) return Verdict::limited;
  if (right) return Verdict::accepted;
  logins_->failed(client);
  return Verdict::wrong;
}

}  // namespace selfheal
