// What a probe is: its specification, its result, and the interface that each kind implements.
//
// Plain values; a Prober belongs to the probe loop's thread. A probe never fails otherwise than by
// its result. To add a kind: a ProbeKind, a Prober in a file of its own, an entry in
// probe_runner.cpp and a scheme in discovery/probe_url.cpp.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/clock.h"

namespace selfheal {

enum class ProbeKind { http, tcp, docker };

// inconclusive says nothing about the container: its HEALTHCHECK is still starting, or Docker gave
// no answer. It counts neither as a success nor as a failure.
enum class ProbeOutcome { passed, failed, inconclusive };

// Why a probe failed; the metric label `reason`.
enum class ProbeReason {
  timeout,
  refused,
  reset,
  dns,
  tls,
  status,
  body,
  protocol,
  unreachable,
  exec,
  unhealthy,
};
inline constexpr size_t kProbeReasons = 11;

std::string_view to_string(ProbeKind kind);
std::string_view to_string(ProbeOutcome outcome);
std::string_view to_string(ProbeReason reason);

// Where a container may answer: an address literal and a port.
struct Endpoint {
  std::string address;
  int port = 0;
  bool operator==(const Endpoint&) const = default;
};
// "172.17.0.2:8080", "[fd00::2]:8080"
std::string to_string(const Endpoint& endpoint);

struct ProbeSettings {
  Milliseconds interval{15'000};
  Milliseconds edge_interval{0};  // between states; 0: a third of the interval
  Milliseconds timeout{5'000};
  int failure_threshold = 3;  // consecutive
  int success_threshold = 1;  // consecutive
  Milliseconds start_period{10'000};
  bool operator==(const ProbeSettings&) const = default;
};

// What a label's `http://:8080/health` says. The host is always the container's.
struct ProbeUrl {
  ProbeKind kind = ProbeKind::http;
  std::string scheme = "http";  // http or https
  int port = 0;                 // in the container; none for docker
  std::string path = "/";       // with the query
  bool operator==(const ProbeUrl&) const = default;
};
// As a person would write it in the label.
std::string to_string(const ProbeUrl& url);

struct ProbeSpec {
  std::string name;  // "default" for the unnamed one
  ProbeUrl url;
  std::string module;
  ProbeSettings settings;
  std::string container_id;
  std::vector<Endpoint> endpoints;  // in the order of preference; none for docker
  bool operator==(const ProbeSpec&) const = default;
};

struct ProbeResult {
  ProbeOutcome outcome = ProbeOutcome::inconclusive;
  ProbeReason reason = ProbeReason::protocol;  // of a failure
  std::string detail;                          // of a failure, for a person
  WallTime started_at{};
  std::chrono::nanoseconds duration{0};
  int http_status = 0;    // 0 when there was none
  bool connected = true;  // false: no connection came about, the address may be wrong
};

// One probe to be made now, of one endpoint.
struct ProbeRequest {
  const ProbeSpec& spec;  // valid during start() only
  Endpoint endpoint;      // empty for docker
};

class Prober {
 public:
  using Callback = std::function<void(ProbeResult)>;
  using ProbeId = uint64_t;
  virtual ~Prober() = default;
  // Calls `callback` exactly once, on the loop, never from within start(), at the latest a little
  // after the timeout; not after cancel(). started_at and duration are the caller's to fill in.
  virtual ProbeId start(const ProbeRequest& request, Callback callback) = 0;
  // No effect when it is over already.
  virtual void cancel(ProbeId id) = 0;
};

inline ProbeResult passed() {
  return {.outcome = ProbeOutcome::passed, .detail = {}};
}
inline ProbeResult failed(ProbeReason reason, std::string detail) {
  return {.outcome = ProbeOutcome::failed, .reason = reason, .detail = std::move(detail)};
}
inline ProbeResult inconclusive(std::string detail) {
  return {.outcome = ProbeOutcome::inconclusive, .detail = std::move(detail)};
}

}  // namespace selfheal
