#include "common/http/login_limit.h"

#include <gtest/gtest.h>

#include "tests/support/manual_clock.h"

namespace selfheal {
namespace {

constexpr const char* kClient = "192.0.2.7";

class LoginLimitTest : public testing::Test {
 protected:
  // How many of so many wrong ones are looked at.
  int looked_at(int count, const std::string& client = kClient) {
    int looked_at = 0;
    for (int i = 0; i < count; ++i) {
      if (limit_.turns_away(client)) continue;
      limit_.failed(client);
      ++looked_at;
    }
    return looked_at;
  }
  ManualClock clock_;
  LoginLimit limit_{clock_};
};

TEST_F(LoginLimitTest, TenAtOnceThenOneEachSixSeconds) {
  EXPECT_EQ(looked_at(100), LoginLimit::kBurst);
  EXPECT_EQ(limit_.limited(), 90u);
  clock_.advance(LoginLimit::kInterval - Milliseconds(1));
  EXPECT_EQ(looked_at(100), 0);
  clock_.advance(Milliseconds(1));
  EXPECT_EQ(looked_at(100), 1);
  clock_.advance(3 * LoginLimit::kInterval);
  EXPECT_EQ(looked_at(100), 3);
  clock_.advance(std::chrono::hours(1));
  EXPECT_EQ(looked_at(100), LoginLimit::kBurst) << "more is not saved up";
}

TEST_F(LoginLimitTest, WhoIsTurnedAwayDoesNotWaitLongerForHavingAsked) {
  looked_at(LoginLimit::kBurst);
  for (int i = 0; i < 600; ++i) {
    clock_.advance(Milliseconds(10));
    if (!limit_.turns_away(kClient)) break;
  }
  EXPECT_FALSE(limit_.turns_away(kClient)) << "after six seconds it is looked at";
}

TEST_F(LoginLimitTest, ThoseThatAreLookedAtAtTheSameTimeDoNotMakeItLonger) {
  for (int i = 0; i < 50; ++i) limit_.failed(kClient);
  clock_.advance(LoginLimit::kInterval);
  EXPECT_FALSE(limit_.turns_away(kClient));
}

TEST_F(LoginLimitTest, OthersAreNotConcerned) {
  looked_at(LoginLimit::kBurst);
  EXPECT_TRUE(limit_.turns_away(kClient));
  EXPECT_FALSE(limit_.turns_away("192.0.2.8"));
}

TEST_F(LoginLimitTest, WhoIsExemptIsNeverTurnedAway) {
  limit_.set_exempt([](const std::string& client) { return client == kClient; });
  EXPECT_EQ(looked_at(100), 100);
  EXPECT_EQ(looked_at(100, "192.0.2.8"), LoginLimit::kBurst);
}

TEST_F(LoginLimitTest, OfTooManyAddressesTheRestIsOne) {
  const auto address = [](size_t i) { return "client " + std::to_string(i); };
  for (size_t i = 0; i < LoginLimit::kMostAddresses; ++i) limit_.failed(address(i));
  int others = 0;
  for (size_t i = 0; i < 50; ++i) others += looked_at(1, address(LoginLimit::kMostAddresses + i));
  EXPECT_EQ(others, LoginLimit::kBurst);
  EXPECT_FALSE(limit_.turns_away(address(0))) << "who has a row of its own keeps it";
  clock_.advance(LoginLimit::kInterval);
  EXPECT_EQ(looked_at(100, address(LoginLimit::kMostAddresses)), LoginLimit::kBurst)
      << "what is forgotten makes room";
}

}  // namespace
}  // namespace selfheal
