#include "common/http/dispatch.h"

#include <algorithm>
#include <utility>

#include "common/http/web_gate.h"

namespace selfheal {
namespace {

// What the gate says first, then the handler's own, which win.
void add_headers(ServerResponse& response,
                 const std::vector<std::pair<std::string, std::string>>& more) {
  for (const auto& header : more) {
    const bool there = std::any_of(response.headers.begin(), response.headers.end(),
                                   [&](const auto& own) { return own.first == header.first; });
    if (!there) response.headers.push_back(header);
  }
}

}  // namespace

ServerResponse dispatch(const Routes& routes, WebGate* gate, ServerRequest& request) {
  const std::string method(request.method());
  const std::string path(request.path());
  const Route* route = routes.find(method, path);
  Admission admission;
  if (gate != nullptr) admission = gate->admit(request, route ? route->access : Access::web_users);
  ServerResponse response = admission.refusal ? *std::move(admission.refusal)
                            : route           ? route->handler(request)
                                              : routes.refuse(method, path);
  add_headers(response, admission.headers);
  add_headers(response, {{"X-Content-Type-Options", "nosniff"}});
  if (request.has_unread_body()) response.close_connection = true;
  return response;
}

}  // namespace selfheal
