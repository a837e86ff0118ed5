// TCP probes that speak TLS: at once, or after they have asked for it.
#include <future>

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "exporter/probes/tcp/tcp_probe.h"
#include "tests/exporter/tcp_probing.h"

namespace selfheal {
namespace {

using std::chrono::hours;

class TcpProbeTls : public TcpProbe {};

TEST_F(TcpProbeTls, SmtpWithStartTls) {
  const auto context = server_context(root->sign({}));
  std::promise<std::string> secret;
  const StubServer server([&](StubConnection& connection) {
    std::string buffer;
    connection.send("220 mail ESMTP stub\r\n");
    if (read_line(connection, buffer) != "EHLO prober\r\n") return;
    connection.send("250-mail\r\n250-STARTTLS\r\n250 OK\r\n");
    if (read_line(connection, buffer) != "STARTTLS\r\n") return;
    connection.send("220 go ahead\r\n");
    if (!connection.start_tls(context.get())) return;
    if (read_line(connection, buffer) != "EHLO prober\r\n") return;
    connection.send("250-mail\r\n250-AUTH PLAIN\r\n");
    secret.set_value(read_line(connection, buffer));
  });
  const ProbeResult result = talk(
      server,
      trusting({expecting("^220 ([^ ]+) ESMTP (.+)$"), sending("EHLO prober\r"),
                expecting("^250-STARTTLS"), sending("STARTTLS\r"), expecting("^220"), upgrading(),
                sending("EHLO prober\r"), expecting("^250-AUTH"), sending("QUIT\r")}));
  EXPECT_EQ(result.outcome, ProbeOutcome::passed) << result.detail;
  EXPECT_EQ(secret.get_future().get(), "QUIT\r\n");
  ASSERT_TRUE(result.trace->tls);
  EXPECT_EQ(result.trace->tls->version, "TLS 1.3");
  EXPECT_EQ(result.trace->tls->subject, "CN=localhost");
  EXPECT_TRUE(result.trace->tls->last_chain_expiry);
  EXPECT_EQ(result.cert_expiry, result.trace->tls->earliest_expiry);
}

TEST_F(TcpProbeTls, PostgresWithStartTls) {
  const auto context = server_context(root->sign({}));
  const std::string request("\0\0\0\x08\x04\xd2\x16\x2f", 8);
  const StubServer server([&](StubConnection& connection) {
    std::string buffer;
    if (read_line(connection, buffer) != request + "\n") return;
    connection.send("S");
    if (connection.start_tls(context.get())) connection.wait_until_closed();
  });
  QueryResponse agreed;
  agreed.expect_bytes = "S";
  agreed.starttls = true;
  const ProbeResult result = talk(server, trusting({sending(request), agreed}));
  EXPECT_EQ(result.outcome, ProbeOutcome::passed) << result.detail;
  EXPECT_TRUE(result.cert_expiry);
}

TEST_F(TcpProbeTls, TlsAtOnce) {
  const auto context = server_context(root->sign({}));
  const StubServer server([&](StubConnection& connection) {
    if (!connection.start_tls(context.get())) return;
    connection.send("* OK IMAP\r\n");
    connection.wait_until_closed();
  });
  Module imaps = trusting({expecting("OK")});
  imaps.tcp.tls = true;
  EXPECT_EQ(talk(server, imaps).outcome, ProbeOutcome::passed);
  // Another name than the certificate's: by hostname, but the module's own comes first.
  ProbeRequest renamed = probe_request(imaps, at(server));
  renamed.hostname = "mail.example";
  const ProbeResult wrong = run(renamed);
  EXPECT_EQ(wrong.reason, ProbeReason::tls);
  EXPECT_NE(wrong.detail.find("not for mail.example"), std::string::npos) << wrong.detail;
  imaps.tcp.tls_config.server_name = "localhost";
  renamed = probe_request(imaps, at(server));
  renamed.hostname = "mail.example";
  EXPECT_EQ(run(renamed).outcome, ProbeOutcome::passed);
}

TEST_F(TcpProbeTls, ARefusedCertificateIsStillSeen) {
  CertificateWish stale;
  stale.ends = -hours(2);
  stale.begins = -hours(3);
  const auto context = server_context(root->sign(stale));
  const StubServer server([&](StubConnection& connection) {
    if (connection.start_tls(context.get())) connection.wait_until_closed();
  });
  Module module = trusting({});
  module.tcp.tls = true;
  const ProbeResult result = talk(server, module);
  EXPECT_EQ(result.reason, ProbeReason::tls);
  EXPECT_NE(result.detail.find("expired"), std::string::npos) << result.detail;
  EXPECT_TRUE(result.cert_expiry);
  ASSERT_TRUE(result.trace->tls);
  EXPECT_EQ(result.trace->tls->version, "");
}

TEST_F(TcpProbeTls, TlsThatIsNone) {
  Module module = trusting({});
  module.tcp.tls = true;
  const StubServer plain([](StubConnection& connection) {
    connection.send("220 plain text and nothing else\r\n");
    connection.wait_until_closed();
  });
  EXPECT_EQ(talk(plain, module).reason, ProbeReason::tls);
  const StubServer hangs_up([](StubConnection& connection) {
    std::string hello;
    connection.receive(hello);
    connection.send("\x16\x03\x03");  // the beginning of an answer
  });
  EXPECT_EQ(talk(hangs_up, module).reason, ProbeReason::tls);
  const StubServer silent([](StubConnection& connection) { connection.wait_until_closed(); });
  const ProbeResult timeout = talk(silent, module, Milliseconds(200));
  EXPECT_EQ(timeout.reason, ProbeReason::timeout);
  EXPECT_NE(timeout.detail.find("TLS handshake"), std::string::npos) << timeout.detail;
}

TEST_F(TcpProbeTls, ClosedInTheMiddleOfTls) {
  const auto context = server_context(root->sign({}));
  const StubServer server([&](StubConnection& connection) {
    if (!connection.start_tls(context.get())) return;
    connection.send("half a li");  // and no goodbye
  });
  Module module = trusting({expecting("^whole line$")});
  module.tcp.tls = true;
  const ProbeResult result = talk(server, module);
  EXPECT_EQ(result.reason, ProbeReason::body);
  EXPECT_TRUE(result.trace->tcp->failed_due_to_regex);
  EXPECT_TRUE(result.trace->tls);
}

// All that was asked for came, in the same segment as what breaks the connection.
TEST_F(TcpProbeTls, WhatComesTogetherWithAFaultCounts) {
  const auto context = server_context(root->sign({}));
  const StubServer server([&](StubConnection& connection) {
    if (!connection.start_tls(context.get())) return;
    const auto cork = [&](int on) {
      setsockopt(connection.fd().get(), IPPROTO_TCP, TCP_CORK, &on, sizeof on);
    };
    cork(1);
    connection.send("whole line\n");
    const std::string_view no_record("\x15\x03\x03\x00\x02\x02\x28", 7);
    EXPECT_EQ(::send(connection.fd().get(), no_record.data(), no_record.size(), MSG_NOSIGNAL), 7);
    cork(0);
    connection.wait_until_closed();
  });
  Module module = trusting({expecting("^whole line$")});
  module.tcp.tls = true;
  const ProbeResult all = talk(server, module);
  EXPECT_EQ(all.outcome, ProbeOutcome::passed) << all.detail;
  module.tcp.query_response.push_back(expecting("^and another$"));
  const ProbeResult half = talk(server, module);
  EXPECT_EQ(half.reason, ProbeReason::tls) << half.detail;
}

TEST_F(TcpProbeTls, ABadTlsConfigSaysSo) {
  const StubServer server([](StubConnection& connection) { connection.wait_until_closed(); });
  Module module = tcp_module({upgrading()});
  module.tcp.tls_config.ca_file = "/nowhere/ca.pem";
  const ProbeResult result = talk(server, module);
  EXPECT_EQ(result.reason, ProbeReason::tls);
  EXPECT_NE(result.detail.find("/nowhere/ca.pem"), std::string::npos) << result.detail;
}

}  // namespace
}  // namespace selfheal
