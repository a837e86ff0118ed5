#include "exporter/command/probe_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace selfheal {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

// 2026-01-31T12:00:00Z
const WallTime kNow{std::chrono::seconds(1'769'860'800)};
constexpr std::chrono::days kDay{1};

class ProbeReportTest : public testing::Test {
 protected:
  ProbeReportTest() {
    probe.target = "https://a.example/";
    probe.module = ModuleSet().find("http_2xx");
    probe.result = passed();
    probe.result.duration = std::chrono::milliseconds(54);
    probe.result.trace = std::make_shared<ProbeTrace>();
    probe.result.trace->resolve = ResolveTrace{TraceSeconds(0.001), "192.0.2.1", false};
  }
  ProbeTrace& trace() { return *probe.result.trace; }
  void fail(ProbeReason reason, const std::string& detail) {
    probe.result.outcome = ProbeOutcome::failed;
    probe.result.reason = reason;
    probe.result.detail = detail;
  }
  TlsTrace& certificate() {
    trace().tls = TlsTrace{};
    TlsTrace& tls = *trace().tls;
    tls.version = "TLS 1.3";
    tls.fingerprint_sha256 = "ab";
    tls.subject = "CN=a.example";
    tls.issuer = "CN=The Authority";
    tls.subject_alternative = "a.example,b.example";
    tls.not_before = kNow - 30 * kDay;
    tls.earliest_expiry = kNow + 60 * kDay;
    return tls;
  }
  std::string report(Terminal terminal = {}) { return probe_report(probe, kNow, terminal); }

  RecentProbe probe;
};

TEST_F(ProbeReportTest, TellsWhereItWentAndHow) {
  trace().http = HttpTrace{};
  trace().http->status = 200;
  trace().http->version = 2;
  trace().http->uncompressed_body_length = 1256;
  trace().http->connect = TraceSeconds(0.010);
  trace().http->processing = TraceSeconds(0.030);
  EXPECT_THAT(report(), AllOf(HasSubstr("https://a.example/\n"), HasSubstr("192.0.2.1"),
                              HasSubstr("http_2xx"), HasSubstr("200, HTTP/2\n"),
                              HasSubstr("1256 bytes"), HasSubstr("\npassed in 54.0 ms\n")));
  EXPECT_THAT(report(), HasSubstr("  connect          10.0 ms  ##########\n"));
}

TEST_F(ProbeReportTest, OfADialogueTheRestAfterTheName) {
  trace().resolve->lookup = TraceSeconds(0.004);
  trace().tcp = TcpTrace{};
  EXPECT_THAT(report(),
              AllOf(HasSubstr("resolve          4.00 ms"), HasSubstr("dialogue         50.0 ms")));
}

TEST_F(ProbeReportTest, TellsOfTheCertificate) {
  certificate();
  EXPECT_THAT(report(), AllOf(HasSubstr("CN=a.example\n"), HasSubstr("CN=The Authority\n"),
                              HasSubstr("a.example,b.example\n"),
                              HasSubstr("from 2026-01-01 until 2026-04-01, 60 days left\n"),
                              Not(HasSubstr("refused"))));
}

TEST_F(ProbeReportTest, TellsWhyTheCertificateWasRefused) {
  certificate().earliest_expiry = kNow - kDay;
  fail(ProbeReason::tls, "the certificate expired on 2026-01-30");
  EXPECT_THAT(report(), AllOf(HasSubstr("until 2026-01-30, expired 1 day ago\n"),
                              HasSubstr("    refused     the certificate expired on 2026-01-30\n"),
                              HasSubstr("\nfailed after 54.0 ms (tls): the certificate expired")));
}

TEST_F(ProbeReportTest, AProbeWithoutATraceHasAVerdict) {
  probe.result.trace = nullptr;
  fail(ProbeReason::dns, "no such name");
  EXPECT_THAT(report(), HasSubstr("failed after 54.0 ms (dns): no such name\n"));
}

TEST_F(ProbeReportTest, WhatIsInconclusiveHasNoReason) {
  probe.result.outcome = ProbeOutcome::inconclusive;
  probe.result.detail = "Too many open files";
  EXPECT_THAT(report(), HasSubstr("\ninconclusive after 54.0 ms: Too many open files\n"));
}

TEST_F(ProbeReportTest, ACertificateThatExpiresSoonStandsOut) {
  const Terminal colourful{80, Colours::ansi, Glyphs::ascii};
  certificate().earliest_expiry = kNow + 13 * kDay;
  EXPECT_THAT(report(colourful),
              HasSubstr("\x1b[33mfrom 2026-01-01 until 2026-02-13, 13 days left"));
  certificate().earliest_expiry = kNow + 15 * kDay;
  EXPECT_THAT(report(colourful), Not(HasSubstr("\x1b[33m")));
  certificate().not_before = kNow + kDay;
  EXPECT_THAT(report(colourful), HasSubstr("not valid yet"));
}

TEST_F(ProbeReportTest, TheVerdictStandsOut) {
  EXPECT_THAT(report(), Not(HasSubstr("\x1b")));
  EXPECT_THAT(report({80, Colours::ansi, Glyphs::unicode}),
              HasSubstr("\x1b[32m✓ passed in 54.0 ms\x1b[0m\n"));
  fail(ProbeReason::timeout, "no answer in time");
  EXPECT_THAT(report({80, Colours::ansi, Glyphs::unicode}),
              HasSubstr("\x1b[31m✗ failed after 54.0 ms (timeout): no answer in time\x1b[0m\n"));
}

TEST_F(ProbeReportTest, EveryKindHasItsOwnFacts) {
  trace().dns = DnsTrace{};
  trace().dns->query_succeeded = true;
  trace().dns->answer_rrs = 3;
  trace().grpc = GrpcTrace{};
  trace().grpc->serving_status = "SERVING";
  trace().icmp = IcmpTrace{};
  trace().icmp->reply_hop_limit = 57;
  trace().tcp = TcpTrace{};
  trace().tcp->expect_info = {{"banner", "SSH-2.0"}};
  EXPECT_THAT(report(), AllOf(HasSubstr("3 answer, 0 authority"), HasSubstr("SERVING"),
                              HasSubstr("57"), HasSubstr("SSH-2.0")));
}

}  // namespace
}  // namespace selfheal
