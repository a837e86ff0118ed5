#include "common/http/client_address.h"

#include <gtest/gtest.h>

namespace selfheal {
namespace {

TEST(ClientAddress, OneAddressIsOneClientHoweverItComes) {
  EXPECT_EQ(client_of("192.0.2.7"), "192.0.2.7");
  EXPECT_EQ(client_of("::ffff:192.0.2.7"), "192.0.2.7");
  EXPECT_EQ(client_of("[::ffff:192.0.2.7]"), "192.0.2.7");
}

TEST(ClientAddress, OfIPv6ItsNetworkIsOne) {
  EXPECT_EQ(client_of("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
  EXPECT_EQ(client_of("2001:db8:1:2::"), client_of("2001:db8:1:2:ffff::1"));
  EXPECT_NE(client_of("2001:db8:1:2::1"), client_of("2001:db8:1:3::1"));
  EXPECT_EQ(client_of("fe80::1%eth0"), "fe80::/64");
}

TEST(ClientAddress, WhatIsNoneStays) {
  for (const char* text : {"", "nobody", "[", "%", "1.2.3"}) EXPECT_EQ(client_of(text), text);
}

TEST(ClientAddress, ThisMachineIsKnown) {
  for (const char* own : {"127.0.0.1", "127.1.2.3", "::1", "[::1]", "::ffff:127.0.0.1"}) {
    EXPECT_TRUE(is_loopback(own)) << own;
    EXPECT_TRUE(is_loopback(client_of(own))) << own;
  }
  for (const char* other : {"192.0.2.7", "128.0.0.1", "::2", "2001:db8::1", "", "localhost"})
    EXPECT_FALSE(is_loopback(other)) << other;
}

}  // namespace
}  // namespace selfheal
