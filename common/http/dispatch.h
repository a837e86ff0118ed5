// From a request to its answer: the gate, the route, the headers that every answer has. [pure]
//
// What a server does between its sockets, and all of it that a test without sockets needs. Safe
// from any thread, as the gate and the handlers are.
#pragma once

#include "common/http/routes.h"

namespace selfheal {

class WebGate;

// `gate` null: everybody is let in. An answer to a request whose body nobody has read closes the
// connection.
ServerResponse dispatch(const Routes& routes, WebGate* gate, ServerRequest& request);

}  // namespace selfheal
