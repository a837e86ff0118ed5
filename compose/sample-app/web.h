// The sample app on HTTP: civetweb's requests to App's calls, and their count.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "compose/sample-app/app.h"
#include "compose/sample-app/app_metrics.h"
#include "compose/sample-app/healthcheck.h"

struct mg_connection;
struct mg_context;

namespace sample_app {

class Web {
 public:
  // Both must outlive it. `crash` is called, on a thread of the server, once a request to crash
  // has been answered. `upstream`: asked at each request, answered 503 while it is not healthy.
  // Throws std::runtime_error when the port can't be had; port 0 is any.
  Web(App& app, AppMetrics& metrics, std::function<void()> crash, std::optional<Peer> upstream,
      uint16_t port);

  uint16_t port() const { return port_; }

 private:
  struct Stop {
    void operator()(mg_context* context) const;
  };

  static int handle(mg_connection* connection);
  std::optional<Answer> dispatch(mg_connection* connection, const std::string& path);
  std::optional<Answer> serve(Endpoint endpoint);
  Answer break_app(mg_connection* connection);
  Answer fix_app();
  Answer only_post() const;

  App& app_;
  AppMetrics& metrics_;
  const std::function<void()> crash_;
  const std::optional<Peer> upstream_;
  uint16_t port_ = 0;
  std::unique_ptr<mg_context, Stop> server_;
};

// Threads of the server, and how many of them hung requests may hold; the rest are for /break,
// /fix and /metrics, which must work in every mode.
inline constexpr int kServerThreads = 128;
inline constexpr size_t kHeldRequests = 104;

}  // namespace sample_app
