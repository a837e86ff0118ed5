// What one probe measured on its way, beyond its verdict: for /probe, the landing page and
// `selfheal-exporter probe`. Continuous probes don't ask for it, and pay nothing for it.
//
// Plain values, filled in by the prober of its kind. blackbox/trace_families.* turns them into
// blackbox_exporter's metrics; what is nullopt gives no series.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/base/clock.h"
#include "common/base/log.h"

namespace selfheal {

using TraceSeconds = std::chrono::duration<double>;

// A line of the probe's own log: msg and further fields, as common/base/log.h writes them.
struct TraceLine {
  WallTime at{};
  log::Level level = log::Level::info;
  std::string message;
  std::vector<std::pair<std::string, std::string>> fields;
};

struct ResolveTrace {
  std::optional<TraceSeconds> lookup;  // probe_dns_lookup_time_seconds
  std::string address;                 // literal; empty: nothing was resolved
  bool ipv6 = false;
};

// The peer's certificates, kept also when they were refused.
struct TlsTrace {
  // Empty: the handshake did not come to an end.
  std::string version;                        // "TLS 1.3"
  std::string cipher;                         // as IANA calls it: "TLS_AES_128_GCM_SHA256"
  std::optional<WallTime> earliest_expiry;    // of what the peer sent
  std::optional<WallTime> last_chain_expiry;  // of the verified chain that lasts longest
  // Of the leaf.
  std::string fingerprint_sha256;  // lower-case hex
  std::string subject;
  std::string issuer;
  std::string subject_alternative;
  std::string serial;  // lower-case hex
  WallTime not_before{};
};

struct HttpTrace {
  bool asked = false;  // it came as far as a connection being made
  // Summed over redirects.
  TraceSeconds resolve{0}, connect{0}, tls{0}, processing{0}, transfer{0};
  int status = 0;
  double content_length = 0;  // -1: unknown
  double uncompressed_body_length = 0;
  int redirects = 0;
  bool ssl = false;    // of the last response
  double version = 0;  // 1.1, 2
  bool failed_due_to_regex = false;
  std::optional<WallTime> last_modified;
  std::string final_url;  // for a person
};

struct TcpTrace {
  bool failed_due_to_regex = false;
  std::vector<std::pair<std::string, std::string>> expect_info;  // labels taken from answers
};

struct GrpcTrace {
  TraceSeconds resolve{0}, check{0};
  bool ssl = false;
  int status_code = 0;         // of gRPC
  std::string serving_status;  // SERVING, NOT_SERVING, UNKNOWN, SERVICE_UNKNOWN; or empty
};

struct DnsTrace {
  TraceSeconds resolve{0}, connect{0}, request{0};
  int answer_rrs = 0, authority_rrs = 0, additional_rrs = 0;
  bool query_succeeded = false;
  std::optional<uint32_t> serial;  // of an SOA query
};

struct IcmpTrace {
  TraceSeconds resolve{0}, setup{0}, rtt{0};
  std::optional<int> reply_hop_limit;
};

struct ProbeTrace {
  std::vector<TraceLine> log;
  size_t log_bytes = 0;  // of all that was logged, also what was cut off; probe_log.h
  std::optional<ResolveTrace> resolve;
  std::optional<TlsTrace> tls;
  std::optional<HttpTrace> http;
  std::optional<TcpTrace> tcp;
  std::optional<GrpcTrace> grpc;
  std::optional<DnsTrace> dns;
  std::optional<IcmpTrace> icmp;
  std::string output;  // of exec and docker: the first kilobytes of what was printed
};

}  // namespace selfheal
