#include "exporter/command/probe_report.h"

#include <array>
#include <cstdio>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/time_text.h"

namespace selfheal {
namespace {

constexpr auto kExpiresSoon = std::chrono::days(14);

std::string day(WallTime time) {
  return format_rfc3339(time).substr(0, 10);
}

std::vector<TerminalText::Phase> phases_of(const ProbeTrace& trace, const ProbeResult& result) {
  if (trace.http)
    return {{"resolve", trace.http->resolve},
            {"connect", trace.http->connect},
            {"tls", trace.http->tls},
            {"processing", trace.http->processing},
            {"transfer", trace.http->transfer}};
  if (trace.grpc) return {{"resolve", trace.grpc->resolve}, {"check", trace.grpc->check}};
  if (trace.dns)
    return {{"resolve", trace.dns->resolve},
            {"connect", trace.dns->connect},
            {"request", trace.dns->request}};
  if (trace.icmp)
    return {{"resolve", trace.icmp->resolve},
            {"setup", trace.icmp->setup},
            {"round trip", trace.icmp->rtt}};
  if (!trace.tcp) return {};
  const TraceSeconds lookup =
      trace.resolve ? trace.resolve->lookup.value_or(TraceSeconds(0)) : TraceSeconds(0);
  return {{"resolve", lookup}, {"dialogue", TraceSeconds(result.duration) - lookup}};
}

void tell_where(TerminalText& report, const RecentProbe& probe, const ProbeTrace& trace) {
  report.line(probe.target, Tone::title);
  if (trace.resolve && !trace.resolve->address.empty())
    report.fact("address", trace.resolve->address);
  report.fact("module", probe.module->name);
}

std::string version_of(double version) {
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), version < 2 ? "HTTP/%.1f" : "HTTP/%g", version);
  return text.data();
}

void tell_http(TerminalText& report, const HttpTrace& http) {
  if (http.status == 0) return;
  report.fact("status", std::to_string(http.status) + ", " + version_of(http.version));
  report.fact("body",
              std::to_string(static_cast<uint64_t>(http.uncompressed_body_length)) + " bytes");
  if (http.redirects > 0)
    report.fact("redirects", std::to_string(http.redirects) +
                                 (http.final_url.empty() ? "" : ", to " + http.final_url));
  if (http.last_modified) report.fact("modified", format_rfc3339(*http.last_modified));
  if (http.failed_due_to_regex) report.fact("regexps", "not as the module wants it");
}

void tell_tcp(TerminalText& report, const TcpTrace& tcp) {
  for (const auto& [name, value] : tcp.expect_info) report.fact(name, value);
  if (tcp.failed_due_to_regex) report.fact("regexps", "not as the module wants it");
}

void tell_grpc(TerminalText& report, const GrpcTrace& grpc) {
  report.fact("grpc status", std::to_string(grpc.status_code));
  if (!grpc.serving_status.empty()) report.fact("service", grpc.serving_status);
}

void tell_dns(TerminalText& report, const DnsTrace& dns) {
  if (!dns.query_succeeded) return;
  report.fact("records", std::to_string(dns.answer_rrs) + " answer, " +
                             std::to_string(dns.authority_rrs) + " authority, " +
                             std::to_string(dns.additional_rrs) + " additional");
  if (dns.serial) report.fact("serial", std::to_string(*dns.serial));
}

void tell_icmp(TerminalText& report, const IcmpTrace& icmp) {
  if (icmp.reply_hop_limit) report.fact("hop limit", std::to_string(*icmp.reply_hop_limit));
}

std::string days_text(WallTime::duration time) {
  const auto days = std::chrono::floor<std::chrono::days>(time).count();
  return days == 1 ? "1 day" : std::to_string(days) + " days";
}

void tell_validity(TerminalText& report, const TlsTrace& tls, WallTime now) {
  const std::string from = "from " + day(tls.not_before);
  if (!tls.earliest_expiry) return report.fact("  valid", from);
  const WallTime end = *tls.earliest_expiry;
  const std::string days = from + " until " + day(end) + ", ";
  if (now < tls.not_before) return report.fact("  valid", days + "not valid yet", Tone::bad);
  if (now >= end)
    return report.fact("  valid", days + "expired " + days_text(now - end) + " ago", Tone::bad);
  report.fact("  valid", days + days_text(end - now) + " left",
              end - now < kExpiresSoon ? Tone::doubtful : Tone::plain);
}

void tell_certificate(TerminalText& report, const TlsTrace& tls, const ProbeResult& result,
                      WallTime now) {
  if (!tls.version.empty()) report.fact("tls", tls.version);
  if (tls.fingerprint_sha256.empty()) return;
  report.fact("certificate", tls.subject);
  report.fact("  issuer", tls.issuer);
  if (!tls.subject_alternative.empty()) report.fact("  names", tls.subject_alternative);
  tell_validity(report, tls, now);
  if (result.outcome == ProbeOutcome::failed && result.reason == ProbeReason::tls)
    report.fact("  refused", result.detail, Tone::bad);
}

void tell_verdict(TerminalText& report, const ProbeResult& result, Glyphs glyphs) {
  const bool unicode = glyphs == Glyphs::unicode;
  const std::string time = time_text(result.duration);
  if (result.outcome == ProbeOutcome::passed)
    return report.line((unicode ? "✓ passed in " : "passed in ") + time, Tone::good);
  if (result.outcome == ProbeOutcome::inconclusive)
    return report.line("inconclusive after " + time + ": " + result.detail, Tone::doubtful);
  report.line((unicode ? "✗ failed after " : "failed after ") + time + " (" +
                  std::string(to_string(result.reason)) + "): " + result.detail,
              Tone::bad);
}

}  // namespace

std::string probe_report(const RecentProbe& probe, WallTime now, const Terminal& terminal) {
  static const ProbeTrace kNothing;
  const ProbeTrace& trace = probe.result.trace != nullptr ? *probe.result.trace : kNothing;
  TerminalText report(terminal);
  tell_where(report, probe, trace);
  report.gap();
  report.phases(phases_of(trace, probe.result));
  report.gap();
  if (trace.http) tell_http(report, *trace.http);
  if (trace.tcp) tell_tcp(report, *trace.tcp);
  if (trace.grpc) tell_grpc(report, *trace.grpc);
  if (trace.dns) tell_dns(report, *trace.dns);
  if (trace.icmp) tell_icmp(report, *trace.icmp);
  if (trace.tls) tell_certificate(report, *trace.tls, probe.result, now);
  report.gap();
  tell_verdict(report, probe.result, terminal.glyphs);
  return std::move(report).text();
}

}  // namespace selfheal
