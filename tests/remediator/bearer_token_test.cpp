#include "remediator/intake/bearer_token.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/temp_folder.h"

namespace selfheal {
namespace {

using testing::HasSubstr;

TEST(BearerToken, AcceptsExactlyItself) {
  const BearerToken token("s3cret");
  EXPECT_TRUE(token.accepts("Bearer s3cret"));
  EXPECT_TRUE(token.accepts("bearer s3cret")) << "schemes are case-insensitive (RFC 7235)";
  for (const char* wrong :
       {"", "Bearer", "Bearer ", "s3cret", "Bearer S3CRET", "Bearer s3cre", "Bearer s3cret ",
        "Bearer  s3cret", "Bearer s3cretx", "Basic s3cret", "Bearer s3cret\n"})
    EXPECT_FALSE(token.accepts(wrong)) << wrong;
}

TEST(BearerToken, ComesFromAFileWithoutItsLastLineEnd) {
  const TempFolder folder;
  for (const char* text : {"s3cret", "s3cret\n", "s3cret\r\n", "s3cret \n\n"}) {
    const auto token = BearerToken::from_file(folder.write("token", text));
    ASSERT_TRUE(token.ok()) << token.error().message;
    EXPECT_TRUE(token->accepts("Bearer s3cret")) << text;
  }
}

TEST(BearerToken, AnEmptyOrMissingFileIsAnError) {
  const TempFolder folder;
  for (const char* text : {"", "\n", " \r\n\t"}) {
    const auto token = BearerToken::from_file(folder.write("token", text));
    ASSERT_FALSE(token.ok());
    EXPECT_EQ(token.error().message, folder.path("token") + ": the token is empty");
  }
  const auto missing = BearerToken::from_file(folder.path("none"));
  ASSERT_FALSE(missing.ok());
  EXPECT_THAT(missing.error().message, HasSubstr(folder.path("none")));
  EXPECT_THAT(missing.error().message, HasSubstr("No such file or directory"));
  EXPECT_FALSE(BearerToken::from_file(folder.path("")).ok()) << "a folder";
}

}  // namespace
}  // namespace selfheal
