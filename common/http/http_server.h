// The web server of both daemons: civetweb behind limits and deadlines of our own.
//
// civetweb is not trusted (its drain of refused bodies is unbounded, and each open connection holds
// one of its workers): who may ask is decided before a body is read (web_gate.h), whatever is
// refused with a body unread closes its connection, and connection_watch.h cuts whoever keeps a
// worker waiting.
//
// How many workers, and why that is enough. Whoever keeps one waiting can be cut, and is when fewer
// than kSpareWebWorkers are free: idle clients after 0.1 s, stalled handshakes after 0.3 s, bodies
// and replies that stand still after 0.2 s. So however many do their worst, a scrape finds a worker
// within a second (tests: 48 of each kind, and 256 idle ones). And whoever gets an answer then is
// told that its connection closes: hundreds of connections at once, as Alertmanager opens them in a
// storm, take their turns in milliseconds, and no request meets a connection that is being cut. A
// handler that waits for something else than its peer (a probe) can't be cut: `waiting_handlers`
// are given workers beside the others, and whoever lets them wait bounds them to that number. A
// resting worker costs 12 KB.
//
// A request has 16 KiB of headers at most (else 400), and 63 of them (else 431).
//
// Handlers run on the server's worker threads, many at once. Routes are added before start().
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "common/base/clock.h"
#include "common/base/result.h"
#include "common/http/routes.h"
#include "common/http/server_request.h"

namespace selfheal {

class WebGate;

inline constexpr int kWebWorkers = 32;
inline constexpr int kSpareWebWorkers = 8;

struct HttpServerOptions {
  // "host:port", ":port" (every address), "[v6]:port", or "network/bits:port" (own_address.h); port
  // 0 lets the kernel choose.
  std::vector<std::string> listen_addresses;
  std::shared_ptr<WebGate> gate = nullptr;  // null: plain HTTP for everybody
  int workers = kWebWorkers;                // each connection holds one while it is open
  // That many handlers at once may wait for something else than their peer.
  int waiting_handlers = 0;
  // For a TLS handshake, for the headers of a request to be complete, for an idle connection.
  Milliseconds request_timeout{5000};
  Milliseconds reply_timeout{30'000};  // for a reply to be taken, whatever its size
};

class HttpServer {
 public:
  using Handler = selfheal::Handler;

  HttpServer(HttpServerOptions options, const Clock& clock);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  // `path` exactly, or with a trailing "*" everything below it. HEAD is answered as GET.
  void route(std::string method, std::string path, Handler handler,
             Access access = Access::web_users);
  // Whether a route answers that already.
  bool has_route(const std::string& method, const std::string& path) const;
  // What has been added, for asking without a socket (dispatch.h).
  const Routes& table() const;
  // Method and path of each route.
  std::vector<std::pair<std::string, std::string>> routes() const;

  // The error says which address could not be bound and why.
  Outcome<> start();
  // Where it listens, "127.0.0.1:10115", in the order of the options.
  std::vector<std::string> addresses() const;
  uint16_t port() const;  // the first one

  // No new requests (503); waits up to `patience` for those under way, then ends every connection,
  // whatever it waits for. Returns when every handler has: one that waits for something else than
  // its peer has to be ended by that. Idempotent.
  void drain_and_stop(Milliseconds patience = Milliseconds(5000));

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace selfheal
