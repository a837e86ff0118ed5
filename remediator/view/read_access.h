// Who may read what is not a POST: everyone whom --web.config.file lets in, or with
// web.protect_reads and a token whoever carries that. Safe from any thread.
//
// A request has one Authorization header, so it is one or the other. Which one is settled at the
// start, with the routes: a reload can't open by mistake what was closed.
#pragma once

#include <functional>

#include "common/http/routes.h"

namespace selfheal {

class ReadAccess {
 public:
  using Authorized = std::function<bool(const ServerRequest&)>;

  ReadAccess(bool by_token, Authorized authorized)
      : by_token_(by_token), authorized_(std::move(authorized)) {}

  bool by_token() const { return by_token_; }
  Access access() const { return by_token_ ? Access::own_secret : Access::web_users; }
  bool allows(const ServerRequest& request) const { return !by_token_ || authorized_(request); }
  // The handler, behind a 401 for whoever may not read.
  Handler guard(Handler handler) const;

 private:
  const bool by_token_;
  const Authorized authorized_;
};

}  // namespace selfheal
