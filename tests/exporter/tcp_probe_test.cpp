// TCP dialogues against stubs on real sockets, the good and the ugly ones.
#include "exporter/probes/tcp/tcp_probe.h"

#include <future>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>

#include "tests/exporter/no_descriptors.h"
#include "tests/exporter/tcp_probing.h"

namespace selfheal {
namespace {

TEST_F(TcpProbe, ConnectsAndSaysWhere) {
  const StubServer server([](StubConnection& connection) { connection.wait_until_closed(); });
  const ProbeResult result = run(probe_request(tcp_module({}), at(server, "localhost")));
  EXPECT_EQ(result.outcome, ProbeOutcome::passed) << result.detail;
  ASSERT_TRUE(result.trace);
  ASSERT_TRUE(result.trace->resolve);
  EXPECT_EQ(result.trace->resolve->address, "127.0.0.1");
  EXPECT_TRUE(result.trace->tcp);
  EXPECT_FALSE(result.trace->tls);
  EXPECT_GE(result.trace->log.size(), 3U);
}

TEST_F(TcpProbe, TellsWhyItDoesNotConnect) {
  const auto fails = [](const std::string& target) {
    const ProbeResult result = run(probe_request(tcp_module({}), target));
    EXPECT_EQ(result.outcome, ProbeOutcome::failed) << target;
    EXPECT_FALSE(result.connected) << target;
    return result.reason;
  };
  EXPECT_EQ(fails("127.0.0.1:" + std::to_string(closed_port())), ProbeReason::refused);
  EXPECT_EQ(fails("no such host:80"), ProbeReason::dns);
  EXPECT_EQ(fails("127.0.0.1"), ProbeReason::protocol);
  EXPECT_EQ(fails("127.0.0.1:http"), ProbeReason::protocol);
  EXPECT_EQ(fails("127.0.0.1:65536"), ProbeReason::protocol);
}

// The loop outlives the prober, and what was to come must not call into it.
TEST_F(TcpProbe, AProberThatIsGoneDoesNotCallBack) {
  SystemClock clock;
  EventLoop loop(clock);
  NameResolver resolver(loop);
  TlsContexts tls;
  const StubServer server([](StubConnection& connection) { connection.wait_until_closed(); });
  loop.post([&] {
    TcpProber prober(loop, resolver, tls);
    const auto never = [](const ProbeResult&) { ADD_FAILURE() << "called back"; };
    for (const std::string& target : {std::string("no port"), at(server)})
      prober.start(probe_request(tcp_module({}), target), never);
  });
  loop.after(Milliseconds(50), [&] { loop.stop(); });
  loop.run();
}

TEST_F(TcpProbe, WithoutDescriptorsItSaysNothingAboutThePeer) {
  SystemClock clock;
  EventLoop loop(clock);
  NameResolver resolver(loop);
  TlsContexts tls;
  TcpProber prober(loop, resolver, tls);
  const NoDescriptors none;
  const ProbeResult result =
      run_probe_on(loop, prober, probe_request(tcp_module({}), "127.0.0.1:1"));
  EXPECT_EQ(result.outcome, ProbeOutcome::inconclusive);
  EXPECT_NE(result.detail.find("Too many open files"), std::string::npos) << result.detail;
}

TEST_F(TcpProbe, ConnectsFromTheSourceAddress) {
  const StubServer server([](StubConnection& connection) {
    sockaddr_in address{};
    socklen_t size = sizeof(address);
    getpeername(connection.fd().get(), reinterpret_cast<sockaddr*>(&address), &size);
    connection.send(std::string(inet_ntoa(address.sin_addr)) + "\n");
    connection.wait_until_closed();
  });
  Module module = tcp_module({expecting("^127[.]0[.]0[.]7$")});
  module.tcp.source_ip_address = "127.0.0.7";
  EXPECT_EQ(talk(server, module, Milliseconds(1'000)).outcome, ProbeOutcome::passed);
  module.tcp.source_ip_address = "192.0.2.99";
  const ProbeResult refused = talk(server, module);
  EXPECT_EQ(refused.reason, ProbeReason::unreachable);
  EXPECT_NE(refused.detail.find("192.0.2.99"), std::string::npos) << refused.detail;
}

TEST_F(TcpProbe, ADialogueAsWithAnIrcServer) {
  const StubServer server([](StubConnection& connection) {
    std::string buffer;
    if (read_line(connection, buffer) != "NICK prober\n") return;
    connection.send(":irc NOTICE\r\nPING :42\r\n");
    if (read_line(connection, buffer) != "PONG 42\n") return;
    connection.send(":irc 001 prober :Welcome\r\n");
    connection.wait_until_closed();
  });
  QueryResponse ping = expecting("^PING :([^ ]+)");
  ping.send = "PONG ${1}";
  ping.labels = {{"cookie", "${1}"}};
  const ProbeResult result =
      talk(server, tcp_module({sending("NICK prober"), ping, expecting("^:[^ ]+ 001")}));
  EXPECT_EQ(result.outcome, ProbeOutcome::passed) << result.detail;
  const std::vector<std::pair<std::string, std::string>> info{{"cookie", "42"}};
  EXPECT_EQ(result.trace->tcp->expect_info, info);
  EXPECT_FALSE(result.trace->tcp->failed_due_to_regex);
}

TEST_F(TcpProbe, TheLastWordsArrive) {
  std::promise<std::string> heard;
  const StubServer server([&](StubConnection& connection) {
    std::string buffer;
    connection.send("hello\n");
    read_line(connection, buffer);
    heard.set_value(read_line(connection, buffer));
  });
  const Steps steps{sending("one"), expecting("hello"), sending("QUIT")};
  EXPECT_EQ(talk(server, tcp_module(steps)).outcome, ProbeOutcome::passed);
  EXPECT_EQ(heard.get_future().get(), "QUIT\n");
}

TEST_F(TcpProbe, AnEndIsAMismatchAResetIsNot) {
  const StubServer closes([](StubConnection& connection) { connection.send("421 busy\r\n"); });
  const ProbeResult closed = talk(closes, tcp_module({expecting("^220")}));
  EXPECT_EQ(closed.reason, ProbeReason::body);
  EXPECT_TRUE(closed.trace->tcp->failed_due_to_regex);
  const StubServer resets([](StubConnection& connection) {
    std::string line;
    connection.receive(line);
    connection.reset();
  });
  const ProbeResult reset = talk(resets, tcp_module({sending("hello"), expecting("^220")}));
  EXPECT_EQ(reset.reason, ProbeReason::reset) << reset.detail;
  EXPECT_FALSE(reset.trace->tcp->failed_due_to_regex);
}

TEST_F(TcpProbe, ADrippingPeerDoesNotOutlastTheTimeout) {
  const StubServer drips([](StubConnection& connection) {
    while (connection.send("2")) std::this_thread::sleep_for(Milliseconds(20));
  });
  SystemClock clock;
  const SteadyTime begun = clock.steady_now();
  const ProbeResult result = talk(drips, tcp_module({expecting("^220")}), Milliseconds(300));
  EXPECT_EQ(result.reason, ProbeReason::timeout);
  EXPECT_NE(result.detail.find("a line that matches \"^220\""), std::string::npos);
  EXPECT_FALSE(result.trace->tcp->failed_due_to_regex);
  EXPECT_LT(clock.steady_now() - begun, Milliseconds(900));
}

TEST_F(TcpProbe, AGigabyteIsNotRead) {
  const auto flood = [](const std::string& piece) {
    return [piece](StubConnection& connection) {
      for (size_t sent = 0; sent < (1U << 30U) && connection.send(piece); sent += piece.size()) {
      }
    };
  };
  const StubServer one_line(flood(std::string(65'536, 'x')));
  EXPECT_EQ(talk(one_line, tcp_module({expecting("^220")})).reason, ProbeReason::protocol);
  std::string lines;
  while (lines.size() < 65'536) lines += "a line that does not match\n";
  const StubServer many_lines(flood(lines));
  EXPECT_EQ(talk(many_lines, tcp_module({expecting("^220")})).reason, ProbeReason::body);
}

TEST_F(TcpProbe, APeerThatDoesNotReadIsATimeout) {
  const StubServer deaf([](StubConnection& connection) {
    pollfd gone{connection.fd().get(), POLLRDHUP, 0};
    poll(&gone, 1, 10'000);
  });
  const Steps much{sending(std::string(64U << 20U, 'x'))};
  EXPECT_EQ(talk(deaf, tcp_module(much), Milliseconds(300)).reason, ProbeReason::timeout);
}

TEST_F(TcpProbe, CancelledAtEveryStep) {
  const auto context = server_context(root->sign({}));
  const StubServer server([&](StubConnection& connection) {
    connection.send("220 hello\n");
    if (connection.start_tls(context.get())) connection.wait_until_closed();
  });
  Module module = trusting({expecting("220"), upgrading(), expecting("never")});
  SystemClock clock;
  EventLoop loop(clock);
  NameResolver resolver(loop);
  TlsContexts tls;
  TcpProber prober(loop, resolver, tls);
  loop.post([&] {
    for (int ms = 0; ms < 20; ++ms) {
      const auto id = prober.start(probe_request(module, at(server, "localhost")),
                                   [](const ProbeResult&) { FAIL(); });
      loop.after(Milliseconds(ms), [&prober, id] { prober.cancel(id); });
    }
    loop.after(Milliseconds(60), [&] { loop.stop(); });
  });
  loop.run();
}

}  // namespace
}  // namespace selfheal
