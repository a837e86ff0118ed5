// Which handler answers which request.
//
// [pure] Filled before the server starts, then read by all its workers.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "common/http/server_request.h"

namespace selfheal {

using Handler = std::function<ServerResponse(ServerRequest&)>;

// Who decides whether a request may be made: the users of --web.config.file, or the handler by a
// secret of its own. A request has one Authorization header only, so it can't be both.
enum class Access { web_users, own_secret };

struct Route {
  Handler handler;
  Access access = Access::web_users;
};

class Routes {
 public:
  // `path` exactly, or with a trailing "*" everything below it.
  void add(std::string method, std::string path, Route route);
  // HEAD is answered as GET. Null: no such page, or not with that method.
  const Route* find(const std::string& method, const std::string& path) const;
  // Method and path of each, as they were added.
  std::vector<std::pair<std::string, std::string>> all() const;
  // 404, or 405 with the methods that the page does take.
  ServerResponse refuse(const std::string& method, const std::string& path) const;

 private:
  using Methods = std::map<std::string, Route>;
  const Methods* methods_of(const std::string& path) const;

  std::map<std::string, Methods> paths_;
};

}  // namespace selfheal
