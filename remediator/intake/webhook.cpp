#include "remediator/intake/webhook.h"

#include <nlohmann/json.hpp>

#include "common/base/log.h"
#include "common/base/time_text.h"
#include "common/http/json_reply.h"

namespace selfheal {
namespace {

constexpr Milliseconds kBodyTimeout{10'000};  // well under the 15 s after which a peer sends again

void log_refusal(const ServerRequest& request, int status, const std::string& why) {
  log::warn(
      "webhook refused",
      {{"status", std::to_string(status)}, {"remote", request.remote_address()}, {"err", why}});
}

ServerResponse refusal(const ServerRequest& request, int status, const std::string& why) {
  log_refusal(request, status, why);
  return json_refusal(status, why);
}

ServerResponse body_refusal(const ServerRequest& request, BodyFault fault, int limit) {
  switch (fault) {
    case BodyFault::too_large:
      return refusal(request, 413,
                     "the body is longer than limits.webhook_body_bytes, " + std::to_string(limit));
    case BodyFault::too_slow:
      return refusal(request, 408, "the body took too long to arrive");
    case BodyFault::length_required:
      return refusal(request, 411, "there is no Content-Length");
    case BodyFault::closed:
      break;
  }
  return refusal(request, 400, "the body ended too early");
}

}  // namespace

Webhook::Webhook(AlertIntake& intake, TokenGate& tokens, const CurrentSettings& settings,
                 RemediationMetrics& metrics)
    : intake_(intake), tokens_(tokens), settings_(settings), metrics_(metrics) {}

ServerResponse Webhook::handle(ServerRequest& request) {
  ServerResponse response = answer(request);
  metrics_.webhook_request(response.status);
  return response;
}

ServerResponse Webhook::answer(ServerRequest& request) {
  if (auto refused = tokens_.refuse(request)) {
    // Whoever is turned away has been told of in the log before, as often as is allowed.
    if (refused->status != 429)
      log_refusal(request, refused->status,
                  TokenGate::has_bearer(request) ? "not the token in --webhook.token-file"
                                                 : "no bearer token");
    return *std::move(refused);
  }
  // Without a token any page in a browser on this machine could post an alert.
  if (auto refused = tokens_.has_token() ? std::nullopt : refuse_other_than_json(request)) {
    log_refusal(request, refused->status, "no JSON by its Content-Type, and there is no token");
    return *std::move(refused);
  }
  const int limit = settings_.get()->webhook_body_bytes;
  const auto body = request.read_body(static_cast<size_t>(limit), kBodyTimeout);
  if (!body) return body_refusal(request, body.error(), limit);
  const Result<WebhookPayload> payload = parse_webhook(*body);
  if (!payload) return refusal(request, 400, payload.error().message);
  const auto counts = intake_.accept(*payload);
  if (!counts) return refusal(request, 503, counts.error().message);
  const nlohmann::ordered_json answer{{"accepted", counts->accepted},
                                      {"ignored", counts->ignored},
                                      {"received_at", format_rfc3339_nanos(counts->received_at)}};
  return json_reply(answer.dump() + "\n");
}

}  // namespace selfheal
