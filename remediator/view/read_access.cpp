#include "remediator/view/read_access.h"

namespace selfheal {
Handler ReadAccess::guard(Handler handler) const {
  if (!by_token_) return handler;
  return [this, handler = std::move(handler)](ServerRequest& request) {
    if (auto refused = tokens_.refuse(request)) return *std::move(refused);
    return handler(request);
  };
}

void ReadAccess::hide_evidence(const ServerRequest& request,
                               std::vector<EvidenceRow>& evidence) const {
  if (tokens_.accepts(request) || gate_asks_who_()) return;
  for (EvidenceRow& row : evidence)
    row.content = R"({"hidden": "what was seen of the container is shown with the token only"})";
}

}  // namespace selfheal
