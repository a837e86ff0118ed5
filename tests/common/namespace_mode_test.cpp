#include "common/docker/namespace_mode.h"

#include <gtest/gtest.h>

namespace selfheal {
namespace {

const std::string kId(kIdLength, 'a');

TEST(NamespaceMode, NamesItsOwner) {
  EXPECT_EQ(namespace_owner("container:web"), "web");
  for (const char* mode : {"", "default", "bridge", "host", "none", "private", "containers"})
    EXPECT_EQ(namespace_owner(mode), std::nullopt) << mode;
}

TEST(NamespaceMode, AnOwnerIsNamedByItsNameItsIdOrTheBeginningOfThat) {
  for (const std::string& whose : {std::string("web"), kId, short_id(kId), kId.substr(0, 20)})
    EXPECT_TRUE(is_in_namespace_of("container:" + whose, kId, "web")) << whose;
  for (const std::string& whose : {std::string("web-2"), std::string("aaa"), kId + "a",
                                   std::string(kShortIdLength, 'b'), std::string()})
    EXPECT_FALSE(is_in_namespace_of("container:" + whose, kId, "web")) << whose;
  EXPECT_FALSE(is_in_namespace_of("web", kId, "web")) << "a network of that name";
}

}  // namespace
}  // namespace selfheal
