#include "exporter/probes/net/name_resolver.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "tests/exporter/stub_dns_server.h"
#include "tests/support/temp_folder.h"

namespace selfheal {
namespace {

constexpr IpPreference kIp4{IpProtocol::ip4, true};
constexpr IpPreference kIp6{IpProtocol::ip6, true};
constexpr IpPreference kOnlyIp4{IpProtocol::ip4, false};
constexpr IpPreference kOnlyIp6{IpProtocol::ip6, false};
constexpr int kTypeA = 1;
constexpr int kNxDomain = 3;
constexpr int kServFail = 2;

class Names : public testing::Test {
 protected:
  // both.test has two addresses of each family, four.test only IPv4 ones, the rest does not exist.
  static std::vector<std::string> zone(const std::string& query) {
    const std::string name = question_name(query);
    const bool v4 = question_type(query) == kTypeA;
    if (name == "silent.test.") return {};
    if (name == "broken.test.") return {reply_to(query, {.rcode = kServFail})};
    if (name != "both.test." && name != "four.test.")
      return {reply_to(query, {.rcode = kNxDomain})};
    StubReply reply;
    if (v4) reply.answer = {{1, 60, ipv4_data("192.0.2.7")}, {1, 60, ipv4_data("192.0.2.8")}};
    if (!v4 && name == "both.test.") reply.answer = {{28, 60, ipv6_data("2001:db8::7")}};
    return {reply_to(query, reply)};
  }

  void point_to(const std::string& address) {
    folder.write("resolv.conf", "nameserver " + address + "\n");
  }

  Result<ResolvedAddress> resolve(const std::string& host, const IpPreference& ip,
                                  Milliseconds timeout = Milliseconds(3'000)) {
    return resolve_at(server.port(), host, ip, timeout);
  }
  Result<ResolvedAddress> resolve_at(uint16_t port, const std::string& host, const IpPreference& ip,
                                     Milliseconds timeout) {
    std::optional<Result<ResolvedAddress>> answer;
    loop.emplace(clock);
    NameResolver resolver(*loop, folder.path("resolv.conf"), port);
    loop->post([&] {
      resolver.resolve(host, ip, timeout, [&](Result<ResolvedAddress> got) {
        EXPECT_FALSE(answer) << "called back twice";
        answer = std::move(got);
        loop->stop();
      });
      EXPECT_FALSE(answer) << "called back from within resolve()";
    });
    loop->run();
    return *answer;
  }
  std::string address(const std::string& host, const IpPreference& ip) {
    const auto got = resolve(host, ip);
    return got ? got->address : "error: " + got.error().message;
  }

  SystemClock clock;
  std::optional<EventLoop> loop;
  TempFolder folder;
  StubDnsServer server{zone};
};

TEST_F(Names, AddressLiteralsAskNobody) {
  EXPECT_EQ(address("127.0.0.1", kIp4), "127.0.0.1");
  EXPECT_EQ(address("127.0.0.1", kIp6), "127.0.0.1");
  EXPECT_EQ(address("::1", kIp6), "::1");
  EXPECT_TRUE(resolve("::1", kIp4)->ipv6);
  EXPECT_EQ(address("::1", kOnlyIp4), "error: ::1 has no IPv4 address and fallback is off");
}

TEST_F(Names, LocalhostIsLoopback) {
  point_to("127.0.0.1");
  EXPECT_EQ(address("localhost", kIp4), "127.0.0.1");
  EXPECT_EQ(address("localhost", kOnlyIp4), "127.0.0.1");
  EXPECT_EQ(server.udp_queries(), 0);
}

TEST_F(Names, ThePreferredFamilyFirst) {
  point_to("127.0.0.1");
  EXPECT_EQ(address("both.test", kIp6), "2001:db8::7");
  EXPECT_EQ(address("both.test", kIp4), "192.0.2.7");
  EXPECT_EQ(address("four.test", kIp6), "192.0.2.7");
  EXPECT_EQ(address("both.test", kOnlyIp6), "2001:db8::7");
  EXPECT_EQ(address("four.test", kOnlyIp4), "192.0.2.7");
  EXPECT_GT(resolve("both.test", kIp4)->lookup.count(), 0);
}

TEST_F(Names, WhatCannotBeResolvedSaysWhy) {
  point_to("127.0.0.1");
  EXPECT_EQ(address("gone.test", kIp6), "error: no such host gone.test");
  EXPECT_EQ(address("gone.test", kOnlyIp4), "error: no such host gone.test");
  EXPECT_EQ(address("four.test", kOnlyIp6),
            "error: four.test has no IPv6 address and fallback is off");
  EXPECT_NE(address("broken.test", kIp4).find("error: looking up broken.test: "),
            std::string::npos);
  EXPECT_NE(address("a..b", kIp4).find("error: "), std::string::npos);
  EXPECT_NE(address("", kIp4).find("error: "), std::string::npos);
  EXPECT_NE(address(std::string(300, 'x'), kIp4).find("error: "), std::string::npos);
}

TEST_F(Names, ANameServerThatDoesNotAnswerEndsWithTheTimeout) {
  point_to("127.0.0.1");
  const SteadyTime begun = clock.steady_now();
  const auto answer = resolve("silent.test", kIp4, Milliseconds(200));
  EXPECT_EQ(answer.error().message,
            "looking up silent.test: the name server did not answer in time");
  EXPECT_LT(clock.steady_now() - begun, Milliseconds(1'000));
}

TEST_F(Names, ALostQueryIsAskedAgain) {
  StubDnsServer forgetful([asked = 0](const std::string& query) mutable {
    return ++asked <= 2 ? std::vector<std::string>{} : zone(query);
  });
  point_to("127.0.0.1");
  const auto answer = resolve_at(forgetful.port(), "both.test", kIp4, Milliseconds(5'000));
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->address, "192.0.2.7");
}

TEST_F(Names, AChangedResolvConfIsTakenUp) {
  // Takes queries at the other address, and never answers.
  const UniqueFd silent(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  sockaddr_in other{};
  other.sin_family = AF_INET;
  other.sin_port = htons(server.port());
  inet_pton(AF_INET, "127.0.0.2", &other.sin_addr);
  ASSERT_EQ(bind(silent.get(), reinterpret_cast<sockaddr*>(&other), sizeof(other)), 0);
  point_to("127.0.0.2");
  EventLoop own(clock);
  NameResolver resolver(own, folder.path("resolv.conf"), server.port());
  std::vector<std::string> answers;
  const auto note = [&](Result<ResolvedAddress> got) {
    ASSERT_TRUE(got) << got.error().message;
    answers.push_back(got->address);
    if (answers.size() == 2) own.stop();
  };
  own.post([&] {
    resolver.resolve("both.test", kIp4, Milliseconds(10'000), note);
    own.after(Milliseconds(20), [&] {
      point_to("127.0.0.1");
      resolver.resolve("both.test", kIp6, Milliseconds(10'000), note);
    });
  });
  own.run();
  // The one that waited for the name server that is no more is asked anew.
  EXPECT_EQ(answers.size(), 2U);
}

TEST_F(Names, ManyAtOnceAndCancelled) {
  point_to("127.0.0.1");
  EventLoop own(clock);
  NameResolver resolver(own, folder.path("resolv.conf"), server.port());
  int answered = 0;
  own.post([&] {
    const auto never = [](const Result<ResolvedAddress>&) { FAIL(); };
    for (int i = 0; i < 50; ++i) {
      resolver.resolve("both.test", kIp4, Milliseconds(10'000), [&](const auto& got) {
        EXPECT_TRUE(got);
        if (++answered == 50) own.stop();
      });
      resolver.cancel(resolver.resolve("both.test", kIp4, Milliseconds(10), never));
      resolver.cancel(resolver.resolve("127.0.0.1", kIp4, Milliseconds(10), never));
    }
  });
  own.run();
  EXPECT_EQ(answered, 50);
}

TEST_F(Names, DestroyedWithLookupsUnderWay) {
  point_to("127.0.0.1");
  EventLoop own(clock);
  {
    NameResolver resolver(own, folder.path("resolv.conf"), server.port());
    const auto never = [](const Result<ResolvedAddress>&) { FAIL(); };
    resolver.resolve("silent.test", kIp4, Milliseconds(10), never);
    resolver.resolve("localhost", kIp4, Milliseconds(10), never);
  }
  own.after(Milliseconds(50), [&] { own.stop(); });
  own.run();
}

}  // namespace
}  // namespace selfheal
