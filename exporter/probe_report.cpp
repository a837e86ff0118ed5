#include "exporter/probe_report.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/time_text.h"

namespace selfheal {
namespace {

constexpr size_t kNarrowest = 40;
constexpr size_t kIndent = 2;
constexpr size_t kNameColumn = 14;  // with the blank after it
constexpr size_t kTimeColumn = 10;
constexpr size_t kLongestBar = 40;

std::string padded(std::string text, size_t columns) {
  if (text.size() < columns) text.append(columns - text.size(), ' ');
  return text;
}

std::string printable(std::string_view text) {
  std::string clean(text);
  for (char& c : clean) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
  }
  return clean;
}

// "0.43 ms", "43.1 ms", "1.25 s"
std::string time_text(TraceSeconds time) {
  const double ms = time.count() * 1e3;
  std::array<char, 32> text{};
  const char* format = ms < 10 ? "%.2f ms" : (ms < 1000 ? "%.1f ms" : "%.2f s");
  std::snprintf(text.data(), text.size(), format, ms < 1000 ? ms : ms / 1e3);
  return text.data();
}

std::string day(WallTime time) {
  return format_rfc3339(time).substr(0, 10);
}

// Where a line of at most `columns` bytes can end: at a blank or after a comma, else anywhere but
// within a character of UTF-8.
size_t line_end(std::string_view text, size_t columns) {
  if (text.size() <= columns) return text.size();
  const size_t blank = text.find_last_of(" ,", columns - 1);
  if (blank != std::string_view::npos && blank > 0) return blank + 1;
  size_t end = columns;
  while (end > 1 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return end;
}

class Report {
 public:
  explicit Report(const Terminal& terminal)
      : columns_(std::max(terminal.columns, kNarrowest)), colours_(terminal.colours) {}

  // A name, and beside it what there is to tell, on as many lines as it needs.
  void fact(const std::string& name, std::string_view value) {
    const std::string clean = printable(value);
    std::string_view rest = clean;
    std::string head = std::string(kIndent, ' ') + padded(name, kNameColumn);
    do {
      const size_t end = line_end(rest, columns_ - head.size());
      text_ += head;
      text_ += rest.substr(0, end);
      text_ += '\n';
      rest.remove_prefix(end);
      head.assign(head.size(), ' ');
    } while (!rest.empty());
  }

  // A waterfall: each phase begins where the one before it ended.
  void phases(const std::vector<std::pair<const char*, TraceSeconds>>& phases) {
    TraceSeconds total{0};
    for (const auto& phase : phases) total += phase.second;
    const size_t room = columns_ - kIndent - kNameColumn - kTimeColumn - 2;
    const double scale =
        total.count() > 0 ? static_cast<double>(std::min(room, kLongestBar)) / total.count() : 0;
    TraceSeconds begin{0};
    for (const auto& [name, time] : phases) {
      const auto from = static_cast<size_t>(begin.count() * scale);
      const auto to = static_cast<size_t>((begin + time).count() * scale);
      begin += time;
      const std::string duration = time_text(time);
      text_ += std::string(kIndent, ' ') + padded(name, kNameColumn) +
               std::string(kTimeColumn - std::min(kTimeColumn, duration.size()), ' ') + duration;
      if (to > from) text_ += "  " + std::string(from, ' ') + std::string(to - from, '#');
      text_ += '\n';
    }
  }

  void line(std::string_view text) { wrapped(text, ""); }
  void verdict(std::string_view text, ProbeOutcome outcome) {
    if (colours_ == Colours::none) return line(text);
    wrapped(text, outcome == ProbeOutcome::passed ? "\x1b[32m" : "\x1b[31m");
  }
  // Between sections; not where one had nothing to tell.
  void gap() {
    if (!text_.ends_with("\n\n")) text_ += '\n';
  }
  std::string text() && { return std::move(text_); }

 private:
  void wrapped(std::string_view text, const std::string& colour) {
    const std::string clean = printable(text);
    std::string_view rest = clean;
    do {
      const size_t end = line_end(rest, columns_);
      text_ += colour;
      text_ += rest.substr(0, end);
      text_ += colour.empty() ? "\n" : "\x1b[0m\n";
      rest.remove_prefix(end);
    } while (!rest.empty());
  }

  const size_t columns_;
  const Colours colours_;
  std::string text_;
};

std::vector<std::pair<const char*, TraceSeconds>> phases_of(const ProbeTrace& trace) {
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
  if (trace.resolve && trace.resolve->lookup) return {{"resolve", *trace.resolve->lookup}};
  return {};
}

void tell_where(Report& report, const RecentProbe& probe, const ProbeTrace& trace) {
  report.line(probe.target);
  if (trace.resolve && !trace.resolve->address.empty())
    report.fact("address", trace.resolve->address);
  report.fact("module", probe.module->name);
}

std::string version_of(double version) {
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "HTTP/%g", version);
  return text.data();
}

void tell_http(Report& report, const HttpTrace& http) {
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

void tell_tcp(Report& report, const TcpTrace& tcp) {
  for (const auto& [name, value] : tcp.expect_info) report.fact(name, value);
  if (tcp.failed_due_to_regex) report.fact("regexps", "not as the module wants it");
}

void tell_grpc(Report& report, const GrpcTrace& grpc) {
  report.fact("grpc status", std::to_string(grpc.status_code));
  if (!grpc.serving_status.empty()) report.fact("service", grpc.serving_status);
}

void tell_dns(Report& report, const DnsTrace& dns) {
  if (!dns.query_succeeded) return;
  report.fact("records", std::to_string(dns.answer_rrs) + " answer, " +
                             std::to_string(dns.authority_rrs) + " authority, " +
                             std::to_string(dns.additional_rrs) + " additional");
  if (dns.serial) report.fact("serial", std::to_string(*dns.serial));
}

void tell_icmp(Report& report, const IcmpTrace& icmp) {
  if (icmp.reply_hop_limit) report.fact("hop limit", std::to_string(*icmp.reply_hop_limit));
}

std::string validity(const TlsTrace& tls, WallTime now) {
  std::string text = "from " + day(tls.not_before);
  if (!tls.earliest_expiry) return text;
  const WallTime end = *tls.earliest_expiry;
  const auto days =
      std::chrono::floor<std::chrono::days>(end > now ? end - now : now - end).count();
  text += " until " + day(end);
  const std::string so_many = days == 1 ? "1 day" : std::to_string(days) + " days";
  if (now < tls.not_before) return text + ", not valid yet";
  return text + (end > now ? ", " + so_many + " left" : ", expired " + so_many + " ago");
}

void tell_certificate(Report& report, const TlsTrace& tls, const ProbeResult& result,
                      WallTime now) {
  if (!tls.version.empty()) report.fact("tls", tls.version);
  if (tls.fingerprint_sha256.empty()) return;
  report.fact("certificate", tls.subject);
  report.fact("  issuer", tls.issuer);
  if (!tls.subject_alternative.empty()) report.fact("  names", tls.subject_alternative);
  report.fact("  valid", validity(tls, now));
  if (result.outcome == ProbeOutcome::failed && result.reason == ProbeReason::tls)
    report.fact("  refused", result.detail);
}

std::string verdict_of(const ProbeResult& result) {
  const std::string time = time_text(result.duration);
  if (result.outcome == ProbeOutcome::passed) return "passed in " + time;
  return "failed after " + time + " (" + std::string(to_string(result.reason)) +
         "): " + result.detail;
}

}  // namespace

std::string probe_report(const RecentProbe& probe, WallTime now, const Terminal& terminal) {
  static const ProbeTrace kNothing;
  const ProbeTrace& trace = probe.result.trace != nullptr ? *probe.result.trace : kNothing;
  Report report(terminal);
  tell_where(report, probe, trace);
  report.gap();
  report.phases(phases_of(trace));
  report.gap();
  if (trace.http) tell_http(report, *trace.http);
  if (trace.tcp) tell_tcp(report, *trace.tcp);
  if (trace.grpc) tell_grpc(report, *trace.grpc);
  if (trace.dns) tell_dns(report, *trace.dns);
  if (trace.icmp) tell_icmp(report, *trace.icmp);
  if (trace.tls) tell_certificate(report, *trace.tls, probe.result, now);
  report.gap();
  report.verdict(verdict_of(probe.result), probe.result.outcome);
  return std::move(report).text();
}

}  // namespace selfheal
