#include "compose/sample-app/failure_mode.h"

#include <map>

#include <gtest/gtest.h>

namespace sample_app {
namespace {

using namespace std::chrono_literals;

std::variant<Failure, BadRequest> parse(const std::map<std::string, std::string>& query) {
  return parse_failure([&](const char* name) -> std::optional<std::string> {
    const auto found = query.find(name);
    return found == query.end() ? std::nullopt : std::optional(found->second);
  });
}

TEST(FailureMode, EveryModeIsReadByItsName) {
  for (FailureMode mode : kFailureModes) {
    const auto parsed = parse({{"mode", std::string(name_of(mode))}});
    ASSERT_TRUE(std::holds_alternative<Failure>(parsed));
    EXPECT_EQ(std::get<Failure>(parsed).mode, mode);
  }
}

TEST(FailureMode, HasDefaults) {
  const auto failure = std::get<Failure>(parse({{"mode", "slow"}}));
  EXPECT_EQ(failure.delay, 10s);
  EXPECT_EQ(failure.leak_limit_bytes, size_t{256} << 20);
}

TEST(FailureMode, ReadsDelayAndLimit) {
  EXPECT_EQ(std::get<Failure>(parse({{"mode", "slow"}, {"delay", "0.25"}})).delay, 250ms);
  EXPECT_EQ(std::get<Failure>(parse({{"mode", "leak"}, {"limit", "8"}})).leak_limit_bytes,
            8u << 20);
}

TEST(FailureMode, RefusesWhatItDoesNotKnow) {
  EXPECT_TRUE(std::holds_alternative<BadRequest>(parse({})));
  EXPECT_TRUE(std::holds_alternative<BadRequest>(parse({{"mode", "none"}})));
  EXPECT_TRUE(std::holds_alternative<BadRequest>(parse({{"mode", "Error"}})));
}

TEST(FailureMode, RefusesNumbersOutOfBounds) {
  for (const char* delay : {"", "0", "-1", "3601", "1s", "nan", "inf", "1e400"}) {
    EXPECT_TRUE(std::holds_alternative<BadRequest>(parse({{"mode", "slow"}, {"delay", delay}})))
        << delay;
  }
  for (const char* limit : {"", "0", "-5", "4097", "10M"}) {
    EXPECT_TRUE(std::holds_alternative<BadRequest>(parse({{"mode", "leak"}, {"limit", limit}})))
        << limit;
  }
}

}  // namespace
}  // namespace sample_app
