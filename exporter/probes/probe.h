// What a probe is: its specification, its result, and the interface that each kind implements.
//
// Plain values; a Prober belongs to the thread of its loop. A probe never fails otherwise than by
// its result. To add a kind: a ProbeKind, a Prober in a file of its own, an entry in
// prober_set.cpp, a scheme in discovery/probe_url.cpp and its fields in modules/module.h.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/clock.h"
#include "exporter/modules/module.h"
#include "exporter/probes/probe_kind.h"
#include "exporter/probes/probe_trace.h"

namespace selfheal {

// inconclusive says nothing about the container: its HEALTHCHECK is still starting, Docker gave no
// answer, or this process lacks what the probe takes (descriptors, the right to ping). It counts
// neither as a success nor as a failure.
enum class ProbeOutcome { passed, failed, inconclusive };

// Why a probe failed; the metric label `reason`.
enum class ProbeReason : uint8_t {
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

// What a label's `http://:8080/health` or a static target's `http://host:8080/health` says.
struct ProbeUrl {
  ProbeKind kind = ProbeKind::http;
  std::string scheme = "http";       // http, https, tcp, grpc, grpcs, …
  std::string host;                  // empty: the container's own address
  int port = 0;                      // in the container; 0 for docker, exec and icmp
  std::string path = "/";            // of http, grpc and dns, with the query; probe_url.h
  std::vector<std::string> command;  // of exec
  bool operator==(const ProbeUrl&) const = default;
};
// As a person would write it in the label.
std::string to_string(const ProbeUrl& url);

struct ProbeSpec {
  std::string name;  // "default" for the unnamed one
  ProbeUrl url;
  ModulePtr module;  // never null
  ProbeSettings settings;
  std::string container_id;         // empty: not a container
  std::vector<Endpoint> endpoints;  // of a container, in the order of preference; none for docker
  // Modules are compared by what they say: a reload makes new ones.
  bool operator==(const ProbeSpec& other) const;
};

struct ProbeResult {
  ProbeOutcome outcome = ProbeOutcome::inconclusive;
  ProbeReason reason = ProbeReason::protocol;  // of a failure
  std::string detail;                          // of a failure, for a person
  WallTime started_at{};
  std::chrono::nanoseconds duration{0};
  int http_status = 0;    // 0 when there was none
  bool connected = true;  // false: no connection came about, the address may be wrong
  // Of the peer's certificates the one that expires first, also when they were refused.
  std::optional<WallTime> cert_expiry;
  std::shared_ptr<ProbeTrace> trace;  // when it was asked for

  WallTime ended_at() const {
    return started_at + std::chrono::duration_cast<WallTime::duration>(duration);
  }
};

enum class Tracing { off, on };

// One probe to be made now.
struct ProbeRequest {
  ModulePtr module;  // never null; its prober is the one that is asked
  // As in /probe?target=: a URL for http, host:port for tcp, grpc and dns, a host for icmp; empty
  // for exec and docker.
  std::string target;
  // Host header and TLS server name instead of the target's host; or empty.
  std::string hostname;
  // Where to connect instead of looking the target's host up.
  std::optional<Endpoint> address;
  Milliseconds timeout{5'000};
  std::string container_id;          // of exec and docker
  std::vector<std::string> command;  // of exec
  Tracing tracing = Tracing::off;
};

class Prober {
 public:
  using Callback = std::function<void(ProbeResult)>;
  using ProbeId = uint64_t;
  virtual ~Prober() = default;
  // Calls `callback` exactly once, on the loop, never from within start(), at the latest a little
  // after the timeout; not after cancel(). started_at and duration are the caller's to fill in.
  virtual ProbeId start(ProbeRequest request, Callback callback) = 0;
  // No effect when it is over already.
  virtual void cancel(ProbeId id) = 0;
};

inline ProbeResult passed() {
  ProbeResult result;
  result.outcome = ProbeOutcome::passed;
  return result;
}
inline ProbeResult failed(ProbeReason reason, std::string detail) {
  ProbeResult result;
  result.outcome = ProbeOutcome::failed;
  result.reason = reason;
  result.detail = std::move(detail);
  return result;
}
// Of a probe that no connection came about for.
inline ProbeResult not_connected(ProbeReason reason, std::string detail) {
  ProbeResult result = failed(reason, std::move(detail));
  result.connected = false;
  return result;
}
inline ProbeResult inconclusive(std::string detail) {
  ProbeResult result;
  result.detail = std::move(detail);
  return result;
}

}  // namespace selfheal
