// POST /api/v1/alerts: authenticate, read the body within its bounds, parse, journal, answer.
//
// 200 once the payload is on disk, also where nothing will come of it; 400 only for a body that
// can't be understood; 503 only when it can't be written down, so that Alertmanager tries again
// (alertmanager-contract). Nothing is ever done within the request. Safe from any thread.
#pragma once

#include <memory>
#include <mutex>
#include <optional>

#include "common/http/http_server.h"
#include "remediator/intake/alert_intake.h"
#include "remediator/intake/bearer_token.h"

namespace selfheal {

class Webhook {
 public:
  // Without a token everyone is let in; the caller then listens on loopback only.
  Webhook(AlertIntake& intake, std::optional<BearerToken> token, const CurrentSettings& settings,
          RemediationMetrics& metrics);

  ServerResponse handle(ServerRequest& request);
  void set_token(BearerToken token);
  // Whether the request carries the token, where there is one: every POST needs it.
  bool authorized(const ServerRequest& request) const;

 private:
  ServerResponse answer(ServerRequest& request);

  AlertIntake& intake_;
  mutable std::mutex mutex_;
  std::optional<BearerToken> token_;
  const CurrentSettings& settings_;
  RemediationMetrics& metrics_;
};

}  // namespace selfheal
