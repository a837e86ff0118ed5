// Pings in a network of the test's own: with ping sockets, with raw sockets and with neither.
#include "exporter/probes/icmp/icmp_probe.h"

#include <gtest/gtest.h>
#include <linux/capability.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/exporter/loop_probe.h"
#include "tests/exporter/private_network.h"
#include "tests/exporter/stub_ping_peer.h"

namespace selfheal {
namespace {

using Answers = std::vector<StubPingAnswer>;

enum class Sockets { datagram, raw };

Module icmp_module(const std::function<void(IcmpModule&)>& change = {}) {
  Module module;
  module.prober = ProbeKind::icmp;
  if (change) change(module.icmp);
  return module;
}

ProbeResult ping(const std::string& target, const Module& module = icmp_module(),
                 Milliseconds timeout = Milliseconds(3'000)) {
  return run_probe(
      [&](EventLoop& loop, NameResolver& resolver) {
        return std::make_unique<IcmpProber>(loop, resolver);
      },
      probe_request(module, target, timeout));
}

ProbeResult impatient_ping(const std::string& target) {
  return ping(target, icmp_module(), Milliseconds(150));
}

// One for each suite: its sockets need capabilities where the test does not set the sysctl.
class PrivateNetwork : public testing::Test {
 protected:
  static void SetUpTestSuite() { fault_ = enter_private_network(); }
  void SetUp() override {
    if (!fault_.empty()) GTEST_SKIP() << fault_;
  }
  static std::string fault_;
};
std::string PrivateNetwork::fault_;

class IcmpProbe : public PrivateNetwork, public testing::WithParamInterface<Sockets> {
 protected:
  void SetUp() override {
    PrivateNetwork::SetUp();
    const std::string group = std::to_string(getegid());
    if (!IsSkipped() && GetParam() == Sockets::datagram)
      set_network_option("ipv4/ping_group_range", group + " " + group);
  }
};
INSTANTIATE_TEST_SUITE_P(Datagram, IcmpProbe, testing::Values(Sockets::datagram));
INSTANTIATE_TEST_SUITE_P(Raw, IcmpProbe, testing::Values(Sockets::raw));

TEST_P(IcmpProbe, BothFamilies) {
  for (const char* target : {"127.0.0.1", "::1", "localhost"}) {
    const ProbeResult result = ping(target);
    EXPECT_EQ(result.outcome, ProbeOutcome::passed) << target << ": " << result.detail;
    ASSERT_TRUE(result.trace && result.trace->icmp);
    EXPECT_EQ(result.trace->icmp->reply_hop_limit, 64) << target;
    EXPECT_GT(result.trace->icmp->rtt.count(), 0);
    EXPECT_GT(result.trace->icmp->setup.count(), 0);
    EXPECT_TRUE(result.trace->resolve);
  }
}

TEST_P(IcmpProbe, AtTheAddressOfAContainer) {
  ProbeRequest request = probe_request(icmp_module(), "somewhere.invalid");
  request.address = Endpoint{"127.0.0.9", 0};
  request.tracing = Tracing::off;
  const ProbeResult result = run_probe(
      [&](EventLoop& loop, NameResolver& resolver) {
        return std::make_unique<IcmpProber>(loop, resolver);
      },
      request);
  EXPECT_EQ(result.outcome, ProbeOutcome::passed) << result.detail;
  EXPECT_FALSE(result.trace);
}

TEST_P(IcmpProbe, PayloadsOfAllSizes) {
  for (const char* target : {"127.0.0.1", "::1"}) {
    for (const int size : {1, 28, 1'400, 65'500}) {
      const ProbeResult result = ping(target, icmp_module([&](auto& icmp) {
                                        icmp.payload_size = size;
                                        icmp.dont_fragment = size < 60'000;
                                      }));
      EXPECT_EQ(result.outcome, ProbeOutcome::passed) << target << size << ": " << result.detail;
    }
  }
}

TEST_P(IcmpProbe, ThePacketIsWhatTheModuleSays) {
  for (const bool dont_fragment : {false, true}) {
    std::string seen;
    {
      const StubPingPeer peer(IpProtocol::ip4, [&](const std::string& packet) {
        seen = packet;
        return Answers{{ping_reply(IpProtocol::ip4, packet), "", 17}};
      });
      const ProbeResult result = ping("127.0.0.1", icmp_module([&](auto& icmp) {
                                        icmp.ttl = 9;
                                        icmp.payload_size = 100;
                                        icmp.dont_fragment = dont_fragment;
                                        icmp.source_ip_address = "127.0.0.1";
                                      }));
      EXPECT_EQ(result.outcome, ProbeOutcome::passed) << result.detail;
      EXPECT_EQ(result.trace->icmp->reply_hop_limit, 17);
    }
    ASSERT_EQ(seen.size(), 20U + 8 + 100);
    EXPECT_EQ(seen[8], 9) << "time to live";
    EXPECT_EQ((seen[6] & 0x40) != 0, dont_fragment);
  }
}

TEST_P(IcmpProbe, TheSourceAddress) {
  const auto from = [](const std::string& source) {
    return icmp_module([&](auto& icmp) { icmp.source_ip_address = source; });
  };
  EXPECT_EQ(ping("127.0.0.1", from("127.0.0.7")).outcome, ProbeOutcome::passed);
  EXPECT_EQ(ping("::1", from("::1")).outcome, ProbeOutcome::passed);
  for (const char* wrong : {"192.0.2.1", "::1", "nonsense"}) {
    const ProbeResult result = ping("127.0.0.1", from(wrong));
    EXPECT_EQ(result.outcome, ProbeOutcome::failed);
    EXPECT_EQ(result.reason, ProbeReason::unreachable);
    EXPECT_EQ(result.detail.find(std::string("source_ip_address ") + wrong), 0U) << result.detail;
  }
}

TEST_P(IcmpProbe, NoReplyNoRouteNoName) {
  const ProbeResult no_route = ping("192.0.2.1");
  EXPECT_EQ(no_route.reason, ProbeReason::unreachable);
  EXPECT_FALSE(no_route.connected);
  EXPECT_EQ(ping("no such host").reason, ProbeReason::dns);
  const StubPingPeer silent(IpProtocol::ip4, [](const std::string&) { return Answers{}; });
  const ProbeResult timeout = impatient_ping("127.0.0.1");
  EXPECT_EQ(timeout.reason, ProbeReason::timeout);
  EXPECT_FALSE(timeout.connected);
  EXPECT_EQ(timeout.trace->icmp->rtt.count(), 0);
  EXPECT_FALSE(timeout.trace->icmp->reply_hop_limit);
}

TEST_P(IcmpProbe, ForeignRepliesAreIgnored) {
  for (const IpProtocol ip : {IpProtocol::ip4, IpProtocol::ip6}) {
    const StubPingPeer peer(ip, [ip](const std::string& packet) {
      const std::string good = ping_reply(ip, packet);
      const auto with = [&](size_t at) {
        std::string wrong = good;
        wrong[at] = static_cast<char>(wrong[at] ^ 1);
        return StubPingAnswer{wrong, ""};
      };
      Answers answers{with(4), with(6), with(9), {good.substr(0, good.size() - 1), ""}};
      answers.push_back({good + "x", ""});
      answers.push_back({good.substr(0, 8), ""});
      if (ip == IpProtocol::ip4) answers.push_back({good, "127.0.0.2"});
      return answers;
    });
    EXPECT_EQ(impatient_ping(ip == IpProtocol::ip4 ? "127.0.0.1" : "::1").reason,
              ProbeReason::timeout);
  }
}

TEST_P(IcmpProbe, ASecondReplyIsOneTooMany) {
  const StubPingPeer peer(IpProtocol::ip4, [](const std::string& packet) {
    const StubPingAnswer good{ping_reply(IpProtocol::ip4, packet), ""};
    return Answers{good, good, good};
  });
  EXPECT_EQ(ping("127.0.0.1").outcome, ProbeOutcome::passed);
}

TEST_P(IcmpProbe, IcmpErrorsEndTheProbeAndSayWhy) {
  struct Case {
    IpProtocol ip;
    const char* target;
    int type, code;
    const char* text;
  };
  for (const Case& what : {Case{IpProtocol::ip4, "127.0.0.1", 3, 1, "host unreachable"},
                           {IpProtocol::ip4, "127.0.0.1", 11, 0, "time to live exceeded"},
                           {IpProtocol::ip4, "127.0.0.1", 3, 13, "prohibited"},
                           {IpProtocol::ip6, "::1", 1, 0, "no route"},
                           {IpProtocol::ip6, "::1", 3, 0, "hop limit exceeded"}}) {
    const StubPingPeer peer(what.ip, [&](const std::string& packet) {
      return Answers{{ping_error(what.type, what.code, packet), ""}};
    });
    const ProbeResult result = ping(what.target);
    EXPECT_EQ(result.reason, ProbeReason::unreachable) << what.text;
    EXPECT_NE(result.detail.find(what.text), std::string::npos) << result.detail;
    EXPECT_EQ(result.detail.find(std::string(what.target) + " reports: "), 0U) << result.detail;
  }
}

TEST_P(IcmpProbe, ErrorsOfOthersDoNotEndIt) {
  const StubPingPeer peer(IpProtocol::ip4, [](const std::string& packet) {
    std::string another = packet;
    another[20 + 6] = static_cast<char>(another[20 + 6] ^ 1);
    return Answers{{ping_error(3, 1, another), ""},
                   {ping_error(3, 1, packet.substr(0, 22)), ""},
                   {ping_error(5, 1, packet), ""},
                   {ping_reply(IpProtocol::ip4, packet), ""}};
  });
  const ProbeResult result = ping("127.0.0.1");
  EXPECT_EQ(result.outcome, ProbeOutcome::passed) << result.detail;
}

TEST_P(IcmpProbe, ThousandsAtOnceAndCancelled) {
  constexpr int kMany = 3'000;
  SystemClock clock;
  EventLoop loop(clock);
  NameResolver resolver(loop);
  int passed = 0, unreachable = 0;
  {
    IcmpProber prober(loop, resolver);
    const auto module = std::make_shared<const Module>(icmp_module());
    const auto request = [&](const std::string& address) {
      ProbeRequest wanted;
      wanted.module = module;
      wanted.target = address;
      return wanted;
    };
    const auto note = [&](const ProbeResult& result) {
      passed += result.outcome == ProbeOutcome::passed ? 1 : 0;
      unreachable +=
          result.reason == ProbeReason::unreachable && result.outcome == ProbeOutcome::failed ? 1
                                                                                              : 0;
      if (passed + unreachable == kMany) loop.stop();
    };
    loop.post([&] {
      for (int i = 0; i < kMany; ++i) {
        const std::string last = std::to_string(1 + i % 250);
        const bool lost = i % 10 == 0;
        prober.start(request(lost ? "192.0.2." + last : "127.0.0." + last), note);
        prober.cancel(prober.start(request("127.0.0.1"), [](const ProbeResult&) { FAIL(); }));
      }
    });
    const auto too_long = loop.after(std::chrono::seconds(20), [&] { loop.stop(); });
    loop.run();
    loop.cancel(too_long);
    prober.start(request("127.0.0.1"), [](const ProbeResult&) { FAIL(); });
  }
  EXPECT_EQ(passed, kMany * 9 / 10);
  EXPECT_EQ(unreachable, kMany / 10);
}

using UnprivilegedIcmpProbe = PrivateNetwork;

// In a process of its own: it can't get its privileges back.
TEST_F(UnprivilegedIcmpProbe, TellsWhatToAllow) {
  const auto unprivileged = [] {
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    __user_cap_data_struct none[2] = {};
    if (syscall(SYS_capset, &header, none) != 0) _exit(2);
    const ProbeResult result = ping("127.0.0.1");
    const bool told = result.outcome == ProbeOutcome::inconclusive &&
                      result.detail.find("ping_group_range") != std::string::npos &&
                      result.detail.find("CAP_NET_RAW") != std::string::npos;
    _exit(told ? 0 : 1);
  };
  EXPECT_EXIT(unprivileged(), testing::ExitedWithCode(0), "icmp probes can't be made");
}

}  // namespace
}  // namespace selfheal
