#include "remediator/intake/token_gate.h"

#include <gtest/gtest.h>

#include "tests/support/manual_clock.h"

namespace selfheal {
namespace {

// A request with nothing but its token.
class Asking final : public ServerRequest {
 public:
  explicit Asking(std::string authorization, std::string from = "192.0.2.7")
      : authorization_(std::move(authorization)), from_(std::move(from)) {}
  std::string_view method() const override { return "POST"; }
  std::string_view path() const override { return "/"; }
  std::string query_string() const override { return ""; }
  std::string header(std::string_view name) const override {
    return name == "Authorization" ? authorization_ : "";
  }
  std::string remote_address() const override { return from_; }
  Result<std::string, BodyFault> read_body(size_t, Milliseconds) override {
    return BodyFault::closed;
  }
  bool has_unread_body() const override { return false; }

 private:
  const std::string authorization_;
  const std::string from_;
};

class TokenGateTest : public testing::Test {
 protected:
  int status(const Asking& request) {
    const auto refused = gate_.refuse(request);
    return refused ? refused->status : 200;
  }
  ManualClock clock_;
  std::shared_ptr<LoginLimit> logins_ = std::make_shared<LoginLimit>(clock_);
  TokenGate gate_{BearerToken("s3cret"), logins_};
  const Asking right_{"Bearer s3cret"};
  const Asking wrong_{"Bearer guess"};
};

TEST_F(TokenGateTest, TheTokenGetsInAndNothingElse) {
  EXPECT_EQ(status(right_), 200);
  EXPECT_EQ(status(wrong_), 401);
  EXPECT_EQ(status(Asking("")), 401);
  EXPECT_TRUE(gate_.accepts(right_));
  EXPECT_FALSE(gate_.accepts(wrong_));
  EXPECT_TRUE(TokenGate(std::nullopt, logins_).accepts(Asking("")));
}

TEST_F(TokenGateTest, WhoGuessesIsTurnedAwayAndToldForHowLong) {
  for (int i = 0; i < LoginLimit::kBurst; ++i) EXPECT_EQ(status(wrong_), 401);
  const auto refused = gate_.refuse(wrong_);
  ASSERT_TRUE(refused.has_value());
  EXPECT_EQ(refused->status, 429);
  EXPECT_EQ(refused->headers.at(0), (std::pair<std::string, std::string>("Retry-After", "6")));
  EXPECT_EQ(status(right_), 429) << "else guessing would go on";
  EXPECT_EQ(status(Asking("Bearer s3cret", "192.0.2.8")), 200);
  EXPECT_EQ(logins_->limited(), 2u);
  clock_.advance(LoginLimit::kInterval);
  EXPECT_EQ(status(right_), 200) << "a mended token works after six seconds at most";
}

TEST_F(TokenGateTest, NoTokenAndAPasswordAreNoGuesses) {
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(status(Asking("")), 401);
    EXPECT_EQ(status(Asking("Basic YWxpY2U6c2VjcmV0")), 401);
  }
  EXPECT_EQ(status(right_), 200);
}

TEST_F(TokenGateTest, WhoIsExemptIsToldThatItIsWrongForAsLongAsItIs) {
  logins_->set_exempt([](const std::string& client) { return client == "192.0.2.7"; });
  for (int i = 0; i < 100; ++i) EXPECT_EQ(status(wrong_), 401);
  EXPECT_EQ(status(right_), 200);
}

}  // namespace
}  // namespace selfheal
