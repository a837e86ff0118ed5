#include "common/http/password_check.h"

#include <chrono>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/manual_clock.h"

namespace selfheal {
namespace {

// bcrypt of "secret" at the lowest cost, and of "other" at one that takes its time.
const std::string kSecret = "$2y$04$.qwtqX4XAjyN0r0nAPpze.xroZ.51ZU/eAuArsJtOYveR0VYWAA2u";
const std::string kOther = "$2y$09$OsXzuVAQx5Ij6J1kJWiUBO7WmejX0K1YFShkoT3Trm84CAbswq1Ye";

// Nobody is limited here: that is login_limit_test.cpp's, and a test below.
struct Check {
  Check() {
    logins.set_exempt([](const std::string&) { return true; });
  }
  AuthVerdict check(const PasswordCheck::Users& users, const std::string& authorization) {
    return passwords.check(users, authorization, "192.0.2.7");
  }
  SystemClock clock;
  LoginLimit logins{clock};
  PasswordCheck passwords{logins};
};

// Of "user:password".
std::string basic(const std::string& encoded) {
  return "Basic " + encoded;
}

TEST(PasswordCheckTest, TheRightPasswordIsAccepted) {
  Check auth;
  const PasswordCheck::Users users{{"alice", kSecret}};
  for (int i = 0; i < 2; ++i)  // computed, then remembered
    EXPECT_EQ(auth.check(users, basic("YWxpY2U6c2VjcmV0")), AuthVerdict::accepted);
  EXPECT_EQ(auth.check(users, "bAsIc YWxpY2U6c2VjcmV0"), AuthVerdict::accepted);
}

TEST(PasswordCheckTest, EverythingElseIsRefused) {
  Check auth;
  const PasswordCheck::Users users{{"alice", kSecret}};
  for (const std::string& header :
       {std::string(), std::string("Basic"), std::string("Basic "), std::string("Bearer x"),
        basic("YWxpY2U6d3Jvbmc="),      // alice:wrong
        basic("Ym9iOnNlY3JldA=="),      // bob:secret
        basic("YWxpY2U="),              // alice
        basic("YWxpY2U6"),              // alice:
        basic("OnNlY3JldA=="),          // :secret
        basic("YWxpY2U6c2VjcmV0AA=="),  // alice:secret and a zero byte
        basic("not base64!"), basic("YWxpY2U6c2VjcmV0" + std::string(5000, 'A'))})
    for (int i = 0; i < 2; ++i)
      EXPECT_EQ(auth.check(users, header), AuthVerdict::refused) << header;
}

TEST(PasswordCheckTest, ANewHashMakesTheOldPasswordWrong) {
  Check auth;
  EXPECT_EQ(auth.check({{"alice", kSecret}}, basic("YWxpY2U6c2VjcmV0")), AuthVerdict::accepted);
  EXPECT_EQ(auth.check({{"alice", kOther}}, basic("YWxpY2U6c2VjcmV0")), AuthVerdict::refused);
  EXPECT_EQ(auth.check({{"bob", kSecret}}, basic("YWxpY2U6c2VjcmV0")), AuthVerdict::refused);
}

TEST(PasswordCheckTest, WhoWasUnknownGetsInOnceThereIsSuchAUser) {
  Check auth;
  const std::string bob = basic("Ym9iOnNlY3JldA==");  // bob:secret
  EXPECT_EQ(auth.check({{"alice", kSecret}}, bob), AuthVerdict::refused);
  EXPECT_EQ(auth.check({{"bob", kSecret}}, bob), AuthVerdict::accepted) << "alice was renamed";
  EXPECT_EQ(auth.check({{"alice", kSecret}}, bob), AuthVerdict::refused) << "and back";
}

// Ten of its own, then nothing that would take a hash; whatever is known is answered all the same.
TEST(PasswordCheckTest, WhoIsWrongTooOftenIsTurnedAway) {
  ManualClock clock;
  LoginLimit logins(clock);
  PasswordCheck passwords(logins);
  const PasswordCheck::Users users{{"alice", kSecret}};
  const std::string right = basic("YWxpY2U6c2VjcmV0");
  const std::string wrong = basic("YWxpY2U6d3Jvbmc=");
  const auto guess = [&](int i, const std::string& client) {
    std::string encoded = "YWxpY2U6d3JvbmdB";  // alice:wrong and more
    encoded[14] = static_cast<char>('A' + i);
    return passwords.check(users, basic(encoded), client);
  };
  EXPECT_EQ(passwords.check(users, wrong, "evil"), AuthVerdict::refused);
  for (int i = 0; i < LoginLimit::kBurst - 1; ++i)
    EXPECT_EQ(guess(i, "evil"), AuthVerdict::refused);
  EXPECT_EQ(guess(20, "evil"), AuthVerdict::limited);
  EXPECT_EQ(passwords.check(users, right, "evil"), AuthVerdict::limited) << "it is not looked at";
  EXPECT_EQ(passwords.check(users, wrong, "evil"), AuthVerdict::refused) << "that is known";
  EXPECT_EQ(passwords.check(users, "", "evil"), AuthVerdict::refused) << "that is no login";
  EXPECT_EQ(passwords.check(users, right, "prometheus"), AuthVerdict::accepted);
  EXPECT_EQ(passwords.check(users, right, "evil"), AuthVerdict::accepted) << "that is known now";
  clock.advance(LoginLimit::kInterval);
  EXPECT_EQ(guess(20, "evil"), AuthVerdict::refused);
  EXPECT_EQ(guess(21, "evil"), AuthVerdict::limited);
}

TEST(PasswordCheckTest, AnUnknownUserTakesAsLongAsAWrongPassword) {
  Check auth;
  const PasswordCheck::Users users{{"alice", kOther}};
  const auto time_of = [&](const std::string& encoded) {
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_EQ(auth.check(users, basic(encoded)), AuthVerdict::refused);
    return std::chrono::steady_clock::now() - begin;
  };
  const auto wrong = time_of("YWxpY2U6d3Jvbmc=");
  const auto unknown = time_of("bm9ib2R5Ondyb25n");
  EXPECT_LT(wrong / 4, unknown);
  EXPECT_LT(unknown / 4, wrong);
}

TEST(PasswordCheckTest, ManyWhoAskTheSameAtOnceCostOneHash) {
  Check auth;
  const PasswordCheck::Users users{{"alice", kOther}};
  const auto time_of = [&](int count, const std::string& encoded) {
    const auto begin = std::chrono::steady_clock::now();
    std::vector<std::thread> all;
    for (int i = 0; i < count; ++i)
      all.emplace_back([&] { EXPECT_EQ(auth.check(users, basic(encoded)), AuthVerdict::refused); });
    for (std::thread& one : all) one.join();
    return std::chrono::steady_clock::now() - begin;
  };
  const auto alone = time_of(1, "YWxpY2U6d3Jvbmc=");
  EXPECT_LT(time_of(8, "YWxpY2U6d3Jvbmch"), 4 * alone);
}

TEST(PasswordCheckTest, AFloodOfWrongPasswordsIsTurnedAwayAndThoseKnownGetIn) {
  Check auth;
  const PasswordCheck::Users users{{"alice", kOther}};
  ASSERT_EQ(auth.check(users, basic("YWxpY2U6b3RoZXI=")), AuthVerdict::accepted);
  std::vector<std::thread> flood;
  std::atomic<int> busy{0};
  std::atomic<int> refused{0};
  for (int i = 0; i < 40; ++i)
    flood.emplace_back([&, i] {
      std::string encoded = "YWxpY2U6d3JvbmAA";  // alice:wrong and more
      encoded[13] = static_cast<char>('A' + i % 26);
      encoded[14] = static_cast<char>('a' + i % 25);
      encoded[15] = static_cast<char>('A' + i / 26);
      (auth.check(users, basic(encoded)) == AuthVerdict::busy ? busy : refused)++;
    });
  EXPECT_EQ(auth.check(users, basic("YWxpY2U6b3RoZXI=")), AuthVerdict::accepted);
  for (std::thread& one : flood) one.join();
  EXPECT_EQ(busy + refused, 40);
  EXPECT_GT(busy, 0);
  EXPECT_EQ(auth.check(users, basic("YWxpY2U6b3RoZXI=")), AuthVerdict::accepted);
}

}  // namespace
}  // namespace selfheal
