// An answer onto one of civetweb's connections.
#pragma once

#include <string_view>

#include "common/http/connection_watch.h"
#include "common/http/server_request.h"

struct mg_connection;

namespace selfheal {

// In pieces, each of which counts as progress for the watch; to HEAD without its body. A peer that
// does not take it all loses its connection. On the worker that serves the request.
void send_reply(mg_connection* connection, ConnectionWatch& watch, const ServerResponse& response,
                std::string_view method);

}  // namespace selfheal
