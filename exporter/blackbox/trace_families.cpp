#include "exporter/blackbox/trace_families.h"

#include <array>
#include <initializer_list>
#include <string_view>
#include <utility>

#include "common/exposition/metric_text.h"
#include "common/exposition/metrics_writer.h"
#include "exporter/blackbox/address_hash.h"

namespace selfheal {
namespace {

// Year 1, which is what Go says where there is no time.
constexpr double kNoTime = -62135596800;

// All of them are gauges.
class Gauges {
 public:
  explicit Gauges(MetricsWriter& out) : out_(out) {}

  void add(const char* name, const char* help, double value) { add(name, help, {}, value); }
  // Samples of one family follow each other.
  void add(const char* name, const char* help, std::initializer_list<LabelView> labels,
           double value) {
    add_block(name, help, label_block(labels), value);
  }
  void add_block(const char* name, const char* help, const std::string& labels, double value) {
    if (name_ != name) out_.family(name, help, MetricKind::gauge);
    name_ = name;
    out_.sample(labels, value);
  }

 private:
  MetricsWriter& out_;
  std::string_view name_;
};

// Whole seconds, as certificates and HTTP dates have them.
double unix_seconds(const std::optional<WallTime>& time, double otherwise) {
  if (!time) return otherwise;
  return static_cast<double>(
      std::chrono::floor<std::chrono::seconds>(time->time_since_epoch()).count());
}

void add_verdict(Gauges& gauges, const ProbeResult& result) {
  gauges.add("probe_success", "Displays whether or not the probe was a success",
             result.outcome == ProbeOutcome::passed ? 1 : 0);
  gauges.add("probe_duration_seconds", "Returns how long the probe took to complete in seconds",
             TraceSeconds(result.duration).count());
  if (result.outcome == ProbeOutcome::failed)
    gauges.add("probe_failure_reason",
               "Why the probe failed, absent when it passed or could not be made",
               {{"reason", to_string(result.reason)}}, 1);
}

void add_resolve(Gauges& gauges, const ResolveTrace& trace) {
  const bool resolved = !trace.address.empty();
  gauges.add("probe_dns_lookup_time_seconds",
             "Returns the time taken for probe dns lookup in seconds",
             trace.lookup.value_or(TraceSeconds(0)).count());
  gauges.add("probe_ip_protocol", "Specifies whether probe ip protocol is IP4 or IP6",
             !resolved ? 0 : (trace.ipv6 ? 6 : 4));
  gauges.add("probe_ip_addr_hash",
             "Specifies the hash of IP address. It's useful to detect if the IP address changes.",
             resolved ? address_hash(trace.address) : 0);
}

void add_earliest_expiry(Gauges& gauges, const TlsTrace& trace) {
  if (trace.earliest_expiry)
    gauges.add("probe_ssl_earliest_cert_expiry", "Returns last SSL chain expiry in unixtime",
               unix_seconds(trace.earliest_expiry, 0));
}

void add_leaf(Gauges& gauges, const TlsTrace& trace) {
  if (!trace.fingerprint_sha256.empty())
    gauges.add("probe_ssl_last_chain_info", "Contains SSL leaf certificate information",
               {{"fingerprint_sha256", trace.fingerprint_sha256},
                {"subject", trace.subject},
                {"issuer", trace.issuer},
                {"subjectalternative", trace.subject_alternative},
                {"serialnumber", trace.serial}},
               1);
  if (!trace.version.empty())
    gauges.add("probe_tls_version_info", "Returns the TLS version used or NaN when unknown",
               {{"version", trace.version}}, 1);
}

void add_tls(Gauges& gauges, const TlsTrace& trace) {
  add_leaf(gauges, trace);
  add_earliest_expiry(gauges, trace);
  // Of a handshake that failed there is no chain to tell of.
  if (trace.last_chain_expiry || !trace.version.empty())
    gauges.add("probe_ssl_last_chain_expiry_timestamp_seconds",
               "Returns last SSL chain expiry in timestamp",
               unix_seconds(trace.last_chain_expiry, kNoTime));
}

void add_failed_due_to_regex(Gauges& gauges, double value) {
  gauges.add("probe_failed_due_to_regex", "Indicates if probe failed due to regex", value);
}

template <size_t N>
void add_phases(Gauges& gauges, const char* name, const char* help,
                const std::array<std::pair<const char*, TraceSeconds>, N>& phases) {
  for (const auto& [phase, time] : phases) gauges.add(name, help, {{"phase", phase}}, time.count());
}

using Phase = std::pair<const char*, TraceSeconds>;

bool was_resolved(const ProbeTrace& trace) {
  return trace.resolve && !trace.resolve->address.empty();
}

void add_http_phases(Gauges& gauges, const ProbeTrace& trace, const HttpTrace& http) {
  const char* name = "probe_http_duration_seconds";
  const char* help = "Duration of http request by phase, summed over all redirects";
  if (trace.resolve) add_phases(gauges, name, help, std::array{Phase{"resolve", http.resolve}});
  if (http.asked)
    add_phases(gauges, name, help,
               std::array{Phase{"connect", http.connect}, Phase{"tls", http.tls},
                          Phase{"processing", http.processing}, Phase{"transfer", http.transfer}});
}

void add_http(Gauges& gauges, const ProbeTrace& trace) {
  const HttpTrace http = trace.http.value_or(HttpTrace{});
  add_http_phases(gauges, trace, http);
  gauges.add("probe_http_content_length", "Length of http content response", http.content_length);
  gauges.add("probe_http_uncompressed_body_length", "Length of uncompressed response body",
             http.uncompressed_body_length);
  gauges.add("probe_http_redirects", "The number of redirects", http.redirects);
  gauges.add("probe_http_ssl", "Indicates if SSL was used for the final redirect",
             http.ssl ? 1 : 0);
  gauges.add("probe_http_status_code", "Response HTTP status code", http.status);
  gauges.add("probe_http_version", "Returns the version of HTTP of the probe response",
             http.version);
  add_failed_due_to_regex(gauges, http.failed_due_to_regex ? 1 : 0);
  if (http.last_modified)
    gauges.add("probe_http_last_modified_timestamp_seconds",
               "Returns the Last-Modified HTTP response header in unixtime",
               unix_seconds(http.last_modified, 0));
  if (!trace.tls) return;
  add_tls(gauges, *trace.tls);
  if (!trace.tls->cipher.empty())
    gauges.add("probe_tls_cipher_info", "Returns the TLS cipher negotiated during handshake",
               {{"cipher", trace.tls->cipher}}, 1);
}

void add_tcp(Gauges& gauges, const ProbeTrace& trace) {
  const TcpTrace tcp = trace.tcp.value_or(TcpTrace{});
  add_failed_due_to_regex(gauges, tcp.failed_due_to_regex ? 1 : 0);
  if (!tcp.expect_info.empty()) {
    std::string labels;
    for (const auto& [name, value] : tcp.expect_info) append_label(labels, name, value);
    gauges.add_block("probe_expect_info", "Explicit content matched", labels, 1);
  }
  if (trace.tls) add_tls(gauges, *trace.tls);
}

void add_health_response(Gauges& gauges, const GrpcTrace& grpc) {
  for (const char* status : {"UNKNOWN", "SERVING", "NOT_SERVING", "SERVICE_UNKNOWN"})
    gauges.add("probe_grpc_healthcheck_response", "Response HealthCheck response",
               {{"serving_status", status}}, grpc.serving_status == status ? 1 : 0);
}

void add_grpc(Gauges& gauges, const ProbeTrace& trace) {
  const GrpcTrace grpc = trace.grpc.value_or(GrpcTrace{});
  const char* name = "probe_grpc_duration_seconds";
  const char* help = "Duration of gRPC request by phase";
  add_phases(gauges, name, help, std::array{Phase{"resolve", grpc.resolve}});
  if (was_resolved(trace)) {
    add_phases(gauges, name, help, std::array{Phase{"check", grpc.check}});
    add_health_response(gauges, grpc);
  }
  gauges.add("probe_grpc_ssl", "Indicates if SSL was used for the connection", grpc.ssl ? 1 : 0);
  gauges.add("probe_grpc_status_code", "Response gRPC status code", grpc.status_code);
  if (!trace.tls) return;
  // Without the chain.
  add_earliest_expiry(gauges, *trace.tls);
  add_leaf(gauges, *trace.tls);
}

void add_dns(Gauges& gauges, const ProbeTrace& trace) {
  const DnsTrace dns = trace.dns.value_or(DnsTrace{});
  add_phases(gauges, "probe_dns_duration_seconds", "Duration of DNS request by phase",
             std::array{Phase{"resolve", dns.resolve}, Phase{"connect", dns.connect},
                        Phase{"request", dns.request}});
  gauges.add("probe_dns_answer_rrs", "Returns number of entries in the answer resource record list",
             dns.answer_rrs);
  gauges.add("probe_dns_authority_rrs",
             "Returns number of entries in the authority resource record list", dns.authority_rrs);
  gauges.add("probe_dns_additional_rrs",
             "Returns number of entries in the additional resource record list",
             dns.additional_rrs);
  gauges.add("probe_dns_query_succeeded",
             "Displays whether or not the query was executed successfully",
             dns.query_succeeded ? 1 : 0);
  if (dns.serial)
    gauges.add("probe_dns_serial", "Returns the serial number of the zone", *dns.serial);
}

void add_icmp(Gauges& gauges, const ProbeTrace& trace) {
  const IcmpTrace icmp = trace.icmp.value_or(IcmpTrace{});
  add_phases(gauges, "probe_icmp_duration_seconds", "Duration of icmp request by phase",
             std::array{Phase{"resolve", icmp.resolve}, Phase{"setup", icmp.setup},
                        Phase{"rtt", icmp.rtt}});
  if (icmp.reply_hop_limit)
    gauges.add("probe_icmp_reply_hop_limit", "Replied packet hop limit (TTL for ipv4)",
               *icmp.reply_hop_limit);
}

void add_kind(Gauges& gauges, ProbeKind kind, const ProbeTrace& trace) {
  switch (kind) {
    case ProbeKind::http:
      return add_http(gauges, trace);
    case ProbeKind::tcp:
      return add_tcp(gauges, trace);
    case ProbeKind::grpc:
      return add_grpc(gauges, trace);
    case ProbeKind::dns:
      return add_dns(gauges, trace);
    case ProbeKind::icmp:
      return add_icmp(gauges, trace);
    case ProbeKind::exec:
    case ProbeKind::docker:
      return;
  }
}

}  // namespace

std::string trace_families(ProbeKind kind, const ProbeResult& result) {
  static const ProbeTrace kNothing;
  const ProbeTrace& trace = result.trace != nullptr ? *result.trace : kNothing;
  std::string text;
  StringSink sink(text);
  MetricsWriter out(MetricsFormat::text, sink);
  Gauges gauges(out);
  add_verdict(gauges, result);
  if (trace.resolve) add_resolve(gauges, *trace.resolve);
  add_kind(gauges, kind, trace);
  out.finish();
  return text;
}

}  // namespace selfheal
