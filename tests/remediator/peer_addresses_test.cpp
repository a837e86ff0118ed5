#include "remediator/intake/peer_addresses.h"

#include <functional>
#include <thread>

#include <gtest/gtest.h>

#include "tests/support/manual_clock.h"

namespace selfheal {
namespace {

// ctest's own limit is the deadline.
void wait_until(const std::function<bool()>& met) {
  while (!met()) std::this_thread::yield();
}

TEST(PeerAddresses, AreThoseOfNamesAndLiterals) {
  const ManualClock clock;
  PeerAddresses peers({"localhost", "192.0.2.7", "2001:db8:1:2::3"}, clock);
  for (const char* client : {"127.0.0.1", "192.0.2.7", "2001:db8:1:2::/64"})
    wait_until([&] { return peers.contains(client); });
  EXPECT_FALSE(peers.contains("192.0.2.8"));
}

TEST(PeerAddresses, WhatCantBeFoundHasNone) {
  ManualClock clock;
  PeerAddresses peers({"", "192.0.2.7"}, clock);
  wait_until([&] { return peers.contains("192.0.2.7"); });
  clock.advance(PeerAddresses::kFresh);
  EXPECT_TRUE(peers.contains("192.0.2.7")) << "while it is looked up again";
  EXPECT_FALSE(peers.contains(""));
}

TEST(PeerAddresses, MayBeNone) {
  const ManualClock clock;
  PeerAddresses peers({}, clock);
  EXPECT_FALSE(peers.contains("127.0.0.1"));
}

}  // namespace
}  // namespace selfheal
