#include "common/base/file_stamp.h"

#include <filesystem>

#include <gtest/gtest.h>

#include "tests/support/temp_folder.h"

namespace selfheal {
namespace {

TEST(FileStampTest, TellsWhenAFileIsOverwrittenReplacedOrGone) {
  const TempFolder folder;
  const std::string path = folder.write("a", "one");
  FileStamp stamp(path);
  EXPECT_FALSE(stamp.changed());
  folder.write("a", "three");
  EXPECT_TRUE(stamp.changed());
  stamp = FileStamp(path);
  std::filesystem::rename(folder.write("b", "three"), path);
  EXPECT_TRUE(stamp.changed()) << "another file of the same size";
  stamp = FileStamp(path);
  std::filesystem::remove(path);
  EXPECT_TRUE(stamp.changed());
}

TEST(FileStampTest, TellsWhenAFileAppears) {
  const TempFolder folder;
  const FileStamp stamp(folder.path("a"));
  EXPECT_FALSE(stamp.changed());
  folder.write("a", "");
  EXPECT_TRUE(stamp.changed());
}

TEST(FileStampTest, SmallFilesAreReadWhole) {
  const TempFolder folder;
  const std::string text(10'000, 'x');
  EXPECT_EQ(*read_small_file(folder.write("a", text)), text);
  const auto missing = read_small_file(folder.path("nothing"));
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().message, folder.path("nothing") + ": No such file or directory");
  EXPECT_FALSE(read_small_file(folder.write("big", std::string(2 << 20, 'x'))));
  EXPECT_FALSE(read_small_file(folder.path(""))) << "a folder";
}

}  // namespace
}  // namespace selfheal
