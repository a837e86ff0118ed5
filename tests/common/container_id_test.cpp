#include "common/docker/container_id.h"

#include <gtest/gtest.h>

namespace selfheal {
namespace {

TEST(ContainerId, ShortIsItsBeginning) {
  EXPECT_EQ(short_id("0123456789abcdef"), "0123456789ab");
  EXPECT_EQ(short_id("0123"), "0123");
}

TEST(ContainerId, ItsBeginningStandsForIt) {
  const std::string id = "0123456789abcdef";
  EXPECT_TRUE(stands_for_id("0123456789ab", id));
  EXPECT_TRUE(stands_for_id(id, id));
  for (const char* text : {"", "0123456789a", "0123456789abd", "0123456789abcdef0"})
    EXPECT_FALSE(stands_for_id(text, id)) << text;
}

}  // namespace
}  // namespace selfheal
