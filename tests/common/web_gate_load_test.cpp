// TLS by the hundred: fresh connections and kept ones, with garbage and half handshakes between
// them, while certificates and users change. What counts is that everybody who behaves is served.
#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "tests/common/web_folder.h"

namespace selfheal {
namespace {

using std::chrono::steady_clock;

// The client hello of a real handshake, cut in the middle.
std::string half_a_hello() {
  return std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11) + std::string(100, 'a');
}

class WebGateLoadTest : public testing::Test {
 protected:
  WebGateLoadTest() {
    testing::internal::CaptureStderr();  // each renewal is logged
    web.write_certificate("0");
    configure("  client_auth_type: RequestClientCert\n");
  }
  ~WebGateLoadTest() override { testing::internal::GetCapturedStderr(); }
  void configure(const std::string& more) {
    web.write("web.yml", kTlsFiles + more + "basic_auth_users: {alice: " + kHashOfSecret + "}\n");
  }
  bool served(TlsPeer& peer) {
    const auto response = peer.get("/", kAliceHeader);
    return response && response->status() == 200 && response->body == "inside";
  }
  WebFolder web;
};

TEST_F(WebGateLoadTest, EverybodyWhoBehavesIsServedWhileOthersDoNot) {
  web.start();
  constexpr int kFresh = 150;
  constexpr int kOnAKeptOne = 400;
  std::atomic<int> answered{0};
  std::atomic<bool> over{false};
  std::vector<std::thread> threads;
  for (int t = 0; t < 2; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < kFresh; ++i) {
        TlsPeer peer(web.port());
        answered += served(peer) ? 1 : 0;
      }
    });
  for (int t = 0; t < 2; ++t)
    threads.emplace_back([&] {
      TlsPeer peer(web.port());
      for (int i = 0; i < kOnAKeptOne; ++i) answered += served(peer) ? 1 : 0;
    });
  std::thread vandal([&] {
    std::vector<std::unique_ptr<HttpPeer>> held;
    for (int i = 0; !over; ++i) {
      auto peer = std::make_unique<HttpPeer>(web.port());
      peer->send(i % 3 == 0   ? std::string("GET / HTTP/1.1\r\n\r\n")
                 : i % 3 == 1 ? half_a_hello()
                              : std::string(300, '\x81'));
      held.push_back(std::move(peer));
      if (held.size() > 20) held.erase(held.begin());
      std::this_thread::sleep_for(Milliseconds(1));
    }
  });
  std::thread administrator([&] {
    for (int i = 1; !over; ++i) {
      web.write_certificate(std::to_string(i));
      configure(i % 2 == 0 ? "" : "  client_auth_type: RequestClientCert\n");
      std::this_thread::sleep_for(Milliseconds(3));
    }
  });
  for (std::thread& thread : threads) thread.join();
  over = true;
  vandal.join();
  administrator.join();
  EXPECT_EQ(answered, 2 * kFresh + 2 * kOnAKeptOne);
}

TEST_F(WebGateLoadTest, StalledHandshakesDoNotStarveOthers) {
  web.start();
  std::vector<std::unique_ptr<HttpPeer>> stalled;
  for (int i = 0; i < 48; ++i) {
    stalled.push_back(std::make_unique<HttpPeer>(web.port()));
    if (i % 2 == 0) stalled.back()->send(half_a_hello());
  }
  const auto begin = steady_clock::now();
  TlsPeer peer(web.port());
  EXPECT_TRUE(served(peer));
  EXPECT_LT(steady_clock::now() - begin, Milliseconds(1000));
}

TEST_F(WebGateLoadTest, StopsAtOnceWithHandshakesUnderWay) {
  web.start();
  std::vector<std::unique_ptr<HttpPeer>> stalled;
  for (int i = 0; i < 20; ++i) {
    stalled.push_back(std::make_unique<HttpPeer>(web.port()));
    stalled.back()->send(half_a_hello());
  }
  TlsPeer idle(web.port());
  EXPECT_TRUE(served(idle));
  const auto begin = steady_clock::now();
  web.server->drain_and_stop();
  EXPECT_LT(steady_clock::now() - begin, Milliseconds(2000));
}

}  // namespace
}  // namespace selfheal
