#include "common/docker/left_aside.h"

#include <gtest/gtest.h>

namespace selfheal {
namespace {

TEST(LeftAside, TheNameTells) {
  const std::string id = "0123456789abcdef";
  EXPECT_EQ(parked_name("web", id), "web-selfheal-0123456789ab");
  EXPECT_EQ(ready_name("web", id), "web-selfheal-new-0123456789ab");
  EXPECT_EQ(next_name("web", id), "web-selfheal-next-0123456789ab");
  EXPECT_TRUE(is_left_aside(next_name("web", id)));
  EXPECT_TRUE(is_left_aside(parked_name("web", id)));
  EXPECT_TRUE(is_left_aside(ready_name("web", id)));
  for (const char* name : {"web", "web-selfheal-", "web-selfheal-0123456789aB", "0123456789ab", "",
                           "web-selfheal-0123456789abc", "web-selfheal-old-0123456789ab"})
    EXPECT_FALSE(is_left_aside(name)) << name;
}

}  // namespace
}  // namespace selfheal
