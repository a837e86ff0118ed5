// DNS probes against a stub name server on real sockets.
#include "exporter/probes/dns/dns_probe.h"

#include <gtest/gtest.h>

#include "tests/exporter/loop_probe.h"
#include "tests/exporter/no_descriptors.h"
#include "tests/exporter/stub_dns_server.h"
#include "tests/support/sockets.h"
#include "tests/support/stub_server.h"
#include "tests/support/test_certificates.h"

namespace selfheal {
namespace {

using Messages = std::vector<std::string>;

Module dns_module(const std::string& type = "A", const std::string& transport = "udp") {
  Module module;
  module.prober = ProbeKind::dns;
  // The stubs listen on IPv4 alone, and localhost is whatever the machine says.
  module.dns.ip.preferred = IpProtocol::ip4;
  module.dns.query_name = "www.test";
  module.dns.query_type = type;
  module.dns.transport_protocol = transport;
  return module;
}

ProbeResult run(const ProbeRequest& request) {
  TlsContexts tls;
  return run_probe(
      [&](EventLoop& loop, NameResolver& resolver) {
        return std::make_unique<DnsProber>(loop, resolver, tls);
      },
      request);
}

ProbeResult ask(const StubDnsServer& server, Module module,
                Milliseconds timeout = Milliseconds(3'000)) {
  return run(probe_request(std::move(module), server.target(), timeout));
}

std::string good_reply(const std::string& query) {
  return reply_to(query, {.answer = {{1, 300, ipv4_data("192.0.2.7")}}});
}

TEST(DnsProbe, PassesOverUdpAndTcp) {
  const StubDnsServer server([](const std::string& query) { return Messages{good_reply(query)}; });
  for (const char* transport : {"udp", "tcp"}) {
    const ProbeResult result = ask(server, dns_module("A", transport));
    EXPECT_EQ(result.outcome, ProbeOutcome::passed) << result.detail;
    ASSERT_TRUE(result.trace && result.trace->dns);
    EXPECT_TRUE(result.trace->dns->query_succeeded);
    EXPECT_EQ(result.trace->dns->answer_rrs, 1);
    EXPECT_EQ(result.trace->dns->additional_rrs, 0);
    EXPECT_GT(result.trace->dns->request.count(), 0);
    EXPECT_GE(result.trace->dns->connect.count(), 0);
    EXPECT_FALSE(result.trace->dns->serial);
    EXPECT_EQ(result.trace->resolve->address, "127.0.0.1");
  }
  EXPECT_EQ(server.udp_queries(), 1);
  EXPECT_EQ(server.tcp_queries(), 1);
}

TEST(DnsProbe, WithoutDescriptorsItSaysNothingAboutTheServer) {
  for (const char* transport : {"udp", "tcp"}) {
    SystemClock clock;
    EventLoop loop(clock);
    NameResolver resolver(loop);
    TlsContexts tls;
    DnsProber prober(loop, resolver, tls);
    const NoDescriptors none;
    const ProbeResult result =
        run_probe_on(loop, prober, probe_request(dns_module("A", transport), "127.0.0.1:1"));
    EXPECT_EQ(result.outcome, ProbeOutcome::inconclusive) << transport;
    EXPECT_NE(result.detail.find("Too many open files"), std::string::npos) << result.detail;
  }
}

TEST(DnsProbe, AtTheAddressOfAContainer) {
  const StubDnsServer server([](const std::string& query) { return Messages{good_reply(query)}; });
  ProbeRequest request = probe_request(dns_module(), "somewhere.invalid:1");
  request.address = Endpoint{"127.0.0.1", server.port()};
  EXPECT_EQ(run(request).outcome, ProbeOutcome::passed);
}

TEST(DnsProbe, TheSerialOfAZone) {
  const StubDnsServer server([](const std::string& query) {
    return Messages{
        reply_to(query, {.answer = {{6, 1,
                                     dns_name("ns.") + dns_name("me.") +
                                         std::string("\0\0\0\x2a", 4) + std::string(16, '\0')}}})};
  });
  EXPECT_EQ(ask(server, dns_module("SOA")).trace->dns->serial, 42U);
}

TEST(DnsProbe, FailsByRcodeAndByRecords) {
  const StubDnsServer servfail(
      [](const std::string& query) { return Messages{reply_to(query, {.rcode = 2})}; });
  const ProbeResult status = ask(servfail, dns_module());
  EXPECT_EQ(status.reason, ProbeReason::status);
  EXPECT_TRUE(status.trace->dns->query_succeeded);
  const StubDnsServer server([](const std::string& query) { return Messages{good_reply(query)}; });
  Module strict = dns_module();
  strict.dns.validate_answer_rrs.fail_if_not_matches_regexp = {
      *Regexp::compile("www[.]test[.]\t300\tIN\tA\t192[.]0[.]2[.]8")};
  EXPECT_EQ(ask(server, strict).reason, ProbeReason::body);
}

TEST(DnsProbe, ForeignDatagramsAreIgnored) {
  const StubDnsServer server([](const std::string& query) {
    std::string wrong_id = reply_to(query, {.rcode = 5});
    wrong_id[0] = static_cast<char>(wrong_id[0] ^ 1);
    return Messages{"garbage", "", std::string(600, '\xff'), wrong_id, good_reply(query)};
  });
  EXPECT_EQ(ask(server, dns_module()).outcome, ProbeOutcome::passed);
}

TEST(DnsProbe, OverTcpTheyAreAFault) {
  const StubDnsServer server([](const std::string&) { return Messages{"garbage"}; });
  EXPECT_EQ(ask(server, dns_module("A", "tcp")).reason, ProbeReason::protocol);
}

TEST(DnsProbe, ABrokenReplyIsAFault) {
  const StubDnsServer server([](const std::string& query) {
    const std::string reply = good_reply(query);
    return Messages{reply.substr(0, reply.size() - 2)};
  });
  EXPECT_EQ(ask(server, dns_module()).reason, ProbeReason::protocol);
  EXPECT_EQ(ask(server, dns_module("A", "tcp")).reason, ProbeReason::protocol);
}

TEST(DnsProbe, ATruncatedReplyIsJudgedAsItIs) {
  const StubDnsServer server(
      [](const std::string& query) { return Messages{reply_to(query, {.truncated = true})}; });
  const ProbeResult result = ask(server, dns_module());
  EXPECT_EQ(result.outcome, ProbeOutcome::passed);
  EXPECT_EQ(server.tcp_queries(), 0);
}

TEST(DnsProbe, NoAnswerRefusedAndUnknown) {
  const StubDnsServer silent([](const std::string&) { return Messages{}; });
  for (const char* transport : {"udp", "tcp"}) {
    const ProbeResult timeout = ask(silent, dns_module("A", transport), Milliseconds(150));
    EXPECT_EQ(timeout.reason, ProbeReason::timeout) << transport;
    EXPECT_FALSE(timeout.trace->dns->query_succeeded);
    EXPECT_GT(timeout.trace->dns->request.count(), 0.1);
    const std::string closed = "127.0.0.1:" + std::to_string(closed_port());
    EXPECT_EQ(run(probe_request(dns_module("A", transport), closed)).reason, ProbeReason::refused)
        << transport;
    EXPECT_EQ(run(probe_request(dns_module("A", transport), "no such host")).reason,
              ProbeReason::dns)
        << transport;
  }
}

TEST(DnsProbe, AModuleThatMakesNoSenseSaysSo) {
  const StubDnsServer server([](const std::string& query) { return Messages{good_reply(query)}; });
  const auto detail = [&](const Module& module) {
    const ProbeResult result = ask(server, module);
    EXPECT_EQ(result.reason, ProbeReason::protocol);
    EXPECT_TRUE(result.trace->dns);
    return result.detail;
  };
  EXPECT_NE(detail(dns_module("NOPE")).find("query_type"), std::string::npos);
  EXPECT_NE(detail(dns_module("A", "sctp")).find("transport_protocol"), std::string::npos);
  Module over_tls = dns_module();
  over_tls.dns.dns_over_tls = true;
  EXPECT_NE(detail(over_tls).find("dns_over_tls"), std::string::npos);
  EXPECT_EQ(server.udp_queries(), 0);
}

TEST(DnsProbe, OverTls) {
  const TestCertificate root = TestCertificate::authority("Root");
  const auto context = server_context(root.sign({}));
  const StubServer server([&](StubConnection& connection) {
    std::string bytes;
    if (!connection.start_tls(context.get()) || !connection.receive(bytes)) return;
    const std::string reply = good_reply(bytes.substr(2));
    // In two pieces.
    connection.send(std::string{'\0', static_cast<char>(reply.size())} + reply.substr(0, 7));
    connection.send(reply.substr(7));
    connection.wait_until_closed();
  });
  const std::string target = "localhost:" + std::to_string(server.port());
  Module module = dns_module("A", "tcp");
  module.dns.dns_over_tls = true;
  module.dns.tls_config.ca = root.pem();
  const ProbeResult result = run(probe_request(module, target));
  EXPECT_EQ(result.outcome, ProbeOutcome::passed) << result.detail;
  EXPECT_TRUE(result.cert_expiry);
  module.dns.tls_config.server_name = "other.test";
  EXPECT_EQ(run(probe_request(module, target)).reason, ProbeReason::tls);
  const StubServer hangs_up([](StubConnection&) {});
  module.dns.dns_over_tls = false;
  const ProbeReason closed =
      run(probe_request(module, "127.0.0.1:" + std::to_string(hangs_up.port()))).reason;
  EXPECT_TRUE(closed == ProbeReason::protocol || closed == ProbeReason::reset);
}

TEST(DnsProbe, ManyAtOnceAndCancelled) {
  const StubDnsServer server([](const std::string& query) { return Messages{good_reply(query)}; });
  SystemClock clock;
  EventLoop loop(clock);
  NameResolver resolver(loop);
  TlsContexts tls;
  int passed = 0;
  {
    DnsProber prober(loop, resolver, tls);
    loop.post([&] {
      for (int i = 0; i < 50; ++i) {
        prober.start(probe_request(dns_module(), server.target()), [&](const ProbeResult& result) {
          passed += result.outcome == ProbeOutcome::passed ? 1 : 0;
          if (passed == 50) loop.stop();
        });
        const auto never = [](const ProbeResult&) { FAIL(); };
        for (const char* transport : {"udp", "tcp"})
          prober.cancel(
              prober.start(probe_request(dns_module("A", transport), server.target()), never));
      }
    });
    loop.run();
    prober.start(probe_request(dns_module(), server.target()), [](const ProbeResult&) { FAIL(); });
  }
  EXPECT_EQ(passed, 50);
}

}  // namespace
}  // namespace selfheal
