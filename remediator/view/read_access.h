// Who may read what is not a POST: everyone whom --web.config.file lets in, or with
// web.protect_reads and a token whoever carries that. Safe from any thread.
//
// Evidence is less for everyone: where there is a token it is shown to who carries it, and to who
// has told the gate of --web.config.file who they are.
//
// A request has one Authorization header, so it is one or the other. Which one is settled at the
// start, with the routes: a reload can't open by mistake what was closed.
#pragma once

#include <functional>
#include <vector>

#include "common/http/routes.h"
#include "remediator/intake/token_gate.h"
#include "remediator/journal/evidence_row.h"

namespace selfheal {

class ReadAccess {
 public:
  using GateAsksWho = std::function<bool()>;

  ReadAccess(bool by_token, TokenGate& tokens, GateAsksWho gate_asks_who)
      : by_token_(by_token), tokens_(tokens), gate_asks_who_(std::move(gate_asks_who)) {}

  bool by_token() const { return by_token_; }
  Access access() const { return by_token_ ? Access::own_secret : Access::web_users; }
  bool allows(const ServerRequest& request) const { return !by_token_ || tokens_.accepts(request); }
  // The handler, behind a 401 or 429 for whoever may not read.
  Handler guard(Handler handler) const;

  bool gate_asks_who() const { return gate_asks_who_(); }
  // In the place of what this request may not see stands why, as {"hidden": WHY}. Not as `error`,
  // which says that it could not be had (evidence_document.h).
  void hide_evidence(const ServerRequest& request, std::vector<EvidenceRow>& evidence) const;

 private:
  const bool by_token_;
  TokenGate& tokens_;
  const GateAsksWho gate_asks_who_;
};

}  // namespace selfheal
