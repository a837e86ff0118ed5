#include "exporter/probes/icmp/icmp_message.h"

#include <gtest/gtest.h>

namespace selfheal {
namespace {

constexpr IpProtocol kBoth[] = {IpProtocol::ip4, IpProtocol::ip6};

std::string bytes(std::initializer_list<int> values) {
  std::string text;
  for (const int value : values) text += static_cast<char>(value);
  return text;
}

// The request as the host sends it back.
std::string reply_to_request(IpProtocol ip, const IcmpEcho& echo) {
  std::string reply = echo_request(ip, echo);
  reply[0] = static_cast<char>(ip == IpProtocol::ip4 ? 0 : 129);
  return reply;
}

TEST(IcmpMessage, ARequestWithItsChecksum) {
  EXPECT_EQ(echo_request(IpProtocol::ip4, {0x1234, 0xff01, "abc"}),
            bytes({8, 0, 0x22, 0x67, 0x12, 0x34, 0xff, 1, 'a', 'b', 'c'}));
  EXPECT_EQ(echo_request(IpProtocol::ip6, {0x1234, 1, ""}),
            bytes({128, 0, 0, 0, 0x12, 0x34, 0, 1}));
}

TEST(IcmpMessage, RepliesAreTakenApart) {
  for (const IpProtocol ip : kBoth) {
    const std::string reply = reply_to_request(ip, {0xfffe, 7, "xyz"});
    const auto echo = parse_echo_reply(ip, reply);
    ASSERT_TRUE(echo);
    EXPECT_EQ(echo->id, 0xfffe);
    EXPECT_EQ(echo->sequence, 7);
    EXPECT_EQ(echo->payload, "xyz");
    EXPECT_FALSE(parse_echo_reply(ip, reply.substr(0, 7)));
    EXPECT_FALSE(parse_echo_reply(ip, ""));
    EXPECT_FALSE(parse_echo_reply(ip, echo_request(ip, {1, 1, ""}))) << "a request";
    EXPECT_TRUE(parse_quoted_request(ip, echo_request(ip, {1, 1, ""})));
    EXPECT_FALSE(parse_quoted_request(ip, reply));
  }
  EXPECT_FALSE(parse_echo_reply(IpProtocol::ip6, reply_to_request(IpProtocol::ip4, {1, 1, ""})));
}

TEST(IcmpMessage, TheHeaderOfAnIpv4Packet) {
  const std::string plain = bytes({0x45}) + std::string(19, 'h');
  EXPECT_EQ(without_ipv4_header(plain + "icmp"), "icmp");
  EXPECT_EQ(without_ipv4_header(plain), "");
  const std::string with_options = bytes({0x46}) + std::string(23, 'h');
  EXPECT_EQ(without_ipv4_header(with_options + "icmp"), "icmp");
  EXPECT_EQ(without_ipv4_header(with_options.substr(0, 22)), "") << "cut within the header";
  EXPECT_EQ(without_ipv4_header(bytes({0x44}) + std::string(40, 'h')), "") << "too short a header";
  EXPECT_EQ(without_ipv4_header(bytes({0x65}) + std::string(40, 'h')), "") << "no IPv4";
  EXPECT_EQ(without_ipv4_header(""), "");
}

TEST(IcmpMessage, ErrorsForAPerson) {
  EXPECT_EQ(icmp_error_text(IpProtocol::ip4, 3, 1), "host unreachable");
  EXPECT_EQ(icmp_error_text(IpProtocol::ip4, 3, 15), "destination unreachable");
  EXPECT_EQ(icmp_error_text(IpProtocol::ip4, 11, 0), "time to live exceeded on the way");
  EXPECT_FALSE(icmp_error_text(IpProtocol::ip4, 5, 1)) << "a redirect loses nothing";
  EXPECT_FALSE(icmp_error_text(IpProtocol::ip4, 4, 0)) << "nor does a source quench";
  EXPECT_EQ(icmp_error_text(IpProtocol::ip6, 1, 3), "address unreachable");
  EXPECT_EQ(icmp_error_text(IpProtocol::ip6, 3, 0), "hop limit exceeded on the way");
  EXPECT_FALSE(icmp_error_text(IpProtocol::ip6, 137, 0));
}

}  // namespace
}  // namespace selfheal
