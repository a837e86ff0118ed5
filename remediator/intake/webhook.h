// POST /api/v1/alerts: authenticate, read the body within its bounds, parse, journal, answer.
//
// 200 once the payload is on disk, also where nothing will come of it; 400 only for a body that
// can't be understood; 503 only when it can't be written down, so that Alertmanager tries again
// (alertmanager-contract). Nothing is ever done within the request. Safe from any thread.
#pragma once

#include "common/http/http_server.h"
#include "remediator/intake/alert_intake.h"
#include "remediator/intake/token_gate.h"

namespace selfheal {

class Webhook {
 public:
  Webhook(AlertIntake& intake, TokenGate& tokens, const CurrentSettings& settings,
          RemediationMetrics& metrics);

  ServerResponse handle(ServerRequest& request);

 private:
  ServerResponse answer(ServerRequest& request);

  AlertIntake& intake_;
  TokenGate& tokens_;
  const CurrentSettings& settings_;
  RemediationMetrics& metrics_;
};

}  // namespace selfheal
