// HTTP probes of peers that don't behave, on real sockets.
#include <cerrno>
#include <chrono>
#include <future>
#include <thread>

#include <gtest/gtest.h>
#include <sys/socket.h>

#include "exporter/probes/http/http_probe.h"
#include "tests/exporter/http_probing.h"
#include "tests/exporter/http_site.h"

namespace selfheal {
namespace {

TEST(HttpProbePeers, NobodyListens) {
  const ProbeResult result =
      probe_http(http_module(), "127.0.0.1:" + std::to_string(closed_port()));
  EXPECT_EQ(reason_of_failure(result), ProbeReason::refused);
  EXPECT_FALSE(result.connected);
  EXPECT_EQ(result.trace->http->status, 0);
  EXPECT_EQ(result.trace->http->version, 0);
  EXPECT_EQ(result.trace->resolve->address, "127.0.0.1");
}

TEST(HttpProbePeers, ThePeerResets) {
  const StubServer server([](StubConnection& connection) {
    connection.read_request();
    connection.reset();
  });
  const ProbeResult result = probe_http(http_module(), server.url());
  EXPECT_EQ(reason_of_failure(result), ProbeReason::reset);
  EXPECT_TRUE(result.connected);
}

TEST(HttpProbePeers, ThePeerSaysNothingAndCloses) {
  const StubServer server([](StubConnection& connection) { connection.read_request(); });
  EXPECT_EQ(reason_of_failure(probe_http(http_module(), server.url())), ProbeReason::reset);
}

TEST(HttpProbePeers, ThePeerStalls) {
  const StubServer server([](StubConnection& connection) { connection.wait_until_closed(); });
  const auto begun = std::chrono::steady_clock::now();
  const ProbeResult result = probe_http(http_module(), server.url(), Milliseconds(200));
  const auto took = std::chrono::steady_clock::now() - begun;
  EXPECT_EQ(reason_of_failure(result), ProbeReason::timeout);
  EXPECT_TRUE(result.connected);
  EXPECT_GE(took, std::chrono::milliseconds(195));
  EXPECT_LT(took, std::chrono::milliseconds(1'500));
}

TEST(HttpProbePeers, ThePeerDrips) {
  const StubServer server([](StubConnection& connection) {
    connection.read_request();
    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n");
    while (connection.send("x")) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  });
  const ProbeResult result = probe_http(http_module(), server.url(), Milliseconds(300));
  EXPECT_EQ(reason_of_failure(result), ProbeReason::timeout);
  EXPECT_EQ(result.http_status, 200) << "the status had come";
  EXPECT_GT(result.trace->http->uncompressed_body_length, 0);
}

TEST(HttpProbePeers, TheBodyEndsTooEarly) {
  const StubServer server([](StubConnection& connection) {
    connection.read_request();
    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
  });
  const ProbeResult result = probe_http(http_module(), server.url());
  EXPECT_EQ(reason_of_failure(result), ProbeReason::reset);
  EXPECT_EQ(result.http_status, 200);
  EXPECT_EQ(result.trace->http->content_length, 10);
  EXPECT_EQ(result.trace->http->uncompressed_body_length, 3);
}

TEST(HttpProbePeers, ThePeerSpeaksSomethingElse) {
  for (const char* nonsense : {"this is not HTTP\r\n\r\n", "SSH-2.0-OpenSSH_9.2\r\n",
                               "HTTP/1.1 nonsense\r\n\r\n", "\r\n\r\n\r\n"}) {
    const StubServer server([&](StubConnection& connection) {
      connection.read_request();
      connection.send(nonsense);
    });
    const ProbeResult result = probe_http(http_module(), server.url());
    EXPECT_EQ(reason_of_failure(result), ProbeReason::protocol) << nonsense << result.detail;
    EXPECT_EQ(result.http_status, 0) << nonsense;
  }
}

TEST(HttpProbePeers, HeadersWithoutEnd) {
  const StubServer server([](StubConnection& connection) {
    connection.read_request();
    connection.send("HTTP/1.1 200 OK\r\n");
    while (connection.send("X-Long: " + std::string(4'000, 'x') + "\r\n")) {
    }
  });
  const ProbeResult result = probe_http(http_module(), server.url());
  EXPECT_EQ(reason_of_failure(result), ProbeReason::protocol);
  EXPECT_EQ(result.detail, "the response's headers are longer than 256 KB");
  EXPECT_EQ(result.http_status, 0);
}

TEST(HttpProbePeers, AnInformationalResponseIsNotTheResponse) {
  const HttpSite site("HTTP/1.1 103 Early Hints\r\nX-Early: 1\r\n\r\n" + http_response(204, ""));
  const ProbeResult result = probe_http(http_module(), site.url());
  EXPECT_EQ(result.outcome, ProbeOutcome::passed) << result.detail;
  EXPECT_EQ(result.http_status, 204);
}

TEST(HttpProbePeers, ThePeerSwitchesProtocolsUnasked) {
  const HttpSite site("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n");
  const ProbeResult result = probe_http(http_module(), site.url(), Milliseconds(300));
  EXPECT_EQ(result.outcome, ProbeOutcome::failed);
  EXPECT_EQ(result.http_status, 101);
}

TEST(HttpProbePeers, LengthsThatContradictEachOther) {
  const HttpSite site("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab");
  const ProbeResult result = probe_http(http_module(), site.url());
  EXPECT_EQ(result.outcome, ProbeOutcome::failed);
  EXPECT_EQ(result.reason, ProbeReason::protocol);
}

TEST(HttpProbePeers, AHugeBodyIsCountedAndNotKept) {
  constexpr size_t kSize = 64 << 20;
  const StubServer server([](StubConnection& connection) {
    connection.read_request();
    const std::string piece(1 << 20, 'x');
    connection.send("HTTP/1.1 200 OK\r\n\r\n");
    for (size_t sent = 0; sent < kSize && connection.send(piece); sent += piece.size()) {
    }
  });
  const ProbeResult result = probe_http(http_module(), server.url(), Milliseconds(20'000));
  EXPECT_EQ(result.outcome, ProbeOutcome::passed) << result.detail;
  EXPECT_EQ(result.trace->http->content_length, -1);
  EXPECT_EQ(result.trace->http->uncompressed_body_length, kSize);
}

TEST(HttpProbePeers, TheConnectionIsClosedWithAReset) {
  std::promise<int> ending;
  const StubServer server([&](StubConnection& connection) {
    connection.read_request();
    connection.send(http_response(200, "x"));
    char byte = 0;
    ending.set_value(recv(connection.fd().get(), &byte, 1, 0) < 0 ? errno : 0);
  });
  EXPECT_EQ(probe_http(http_module(), server.url()).outcome, ProbeOutcome::passed);
  EXPECT_EQ(ending.get_future().get(), ECONNRESET);
}

TEST(HttpProbePeers, CancelledItCallsNobodyBack) {
  const StubServer server([](StubConnection& connection) { connection.wait_until_closed(); });
  SystemClock clock;
  EventLoop loop(clock);
  ProberWithServices<HttpProber> prober(loop);
  loop.post([&] {
    const auto never = [](const ProbeResult&) { FAIL(); };
    const auto request = probe_request(http_module(), server.url(), Milliseconds(50));
    prober.cancel(prober.start(request, never));
    const Prober::ProbeId sent = prober.start(request, never);
    loop.after(Milliseconds(20), [&prober, sent] { prober.cancel(sent); });
    prober.cancel(prober.start(probe_request(http_module(), "http://[::1"), never));
    loop.after(Milliseconds(150), [&] { loop.stop(); });
  });
  loop.run();
}

}  // namespace
}  // namespace selfheal
