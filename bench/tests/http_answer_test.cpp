#include "bench/load/http_answer.h"

#include <gtest/gtest.h>

namespace selfheal::bench {
namespace {

TEST(HttpAnswer, IsTakenWhenItIsWholeAndNotBefore) {
  const std::string whole = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok\n";
  std::string buffer;
  for (const char letter : whole) {
    EXPECT_FALSE(take_answer(buffer)) << buffer;
    buffer += letter;
  }
  const auto answer = take_answer(buffer);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(answer->body, "ok\n");
  EXPECT_FALSE(answer->closes);
  EXPECT_EQ(buffer, "");
}

TEST(HttpAnswer, LeavesWhatFollows) {
  std::string buffer =
      "HTTP/1.1 503 X\r\nContent-Length: 1\r\nConnection: close\r\n\r\n1HTTP/1.1 200";
  const auto answer = take_answer(buffer);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 503);
  EXPECT_TRUE(answer->closes);
  EXPECT_EQ(buffer, "HTTP/1.1 200");
}

TEST(HttpAnswer, MayHaveNoBody) {
  std::string buffer = "HTTP/1.1 204 No Content\r\n\r\n";
  const auto answer = take_answer(buffer);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 204);
  EXPECT_EQ(answer->body, "");
}

}  // namespace
}  // namespace selfheal::bench
