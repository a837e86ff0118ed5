#include "exporter/probes/net/small_files.h"

#include <gtest/gtest.h>

#include "tests/support/temp_folder.h"

namespace selfheal {
namespace {

TEST(SmallFiles, AreReadOnceUntilTheyChange) {
  const TempFolder folder;
  SmallFiles files;
  const std::string path = folder.write("token", "one");
  const SmallFiles::Text first = *files.read(path);
  EXPECT_EQ(*first, "one");
  EXPECT_EQ(*files.read(path), first) << "the same text, not another copy";
  folder.write("token", "another");
  EXPECT_EQ(**files.read(path), "another");
  EXPECT_EQ(*first, "one") << "who holds the old one keeps it";
}

TEST(SmallFiles, ThatAreMissingAreNamedAndSeenWhenTheyAppear) {
  const TempFolder folder;
  SmallFiles files;
  const auto missing = files.read(folder.path("later"));
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().message, folder.path("later") + ": No such file or directory");
  folder.write("later", "here");
  EXPECT_EQ(**files.read(folder.path("later")), "here");
}

}  // namespace
}  // namespace selfheal
