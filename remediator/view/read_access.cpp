#include "remediator/view/read_access.h"

namespace selfheal {
namespace {

ServerResponse unauthorized() {
  ServerResponse response;
  response.status = 401;
  response.content_type = "application/json";
  response.body = "{\"error\":\"no bearer token, or a wrong one: web.protect_reads is on\"}\n";
  response.headers = {{"WWW-Authenticate", "Bearer"}};
  return response;
}

}  // namespace

Handler ReadAccess::guard(Handler handler) const {
  if (!by_token_) return handler;
  return [this, handler = std::move(handler)](ServerRequest& request) {
    return authorized_(request) ? handler(request) : unauthorized();
  };
}

void ReadAccess::hide_evidence(const ServerRequest& request,
                               std::vector<EvidenceRow>& evidence) const {
  if (authorized_(request) || gate_asks_who_()) return;
  for (EvidenceRow& row : evidence)
    row.content = R"({"error": "what was seen of the container is shown with the token"})";
}

}  // namespace selfheal
