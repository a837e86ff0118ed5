#include "common/base/shell_words.h"

#include <gtest/gtest.h>

namespace selfheal {
namespace {

using Words = std::vector<std::string>;

TEST(ShellWords, SplitsLikeAShellWithoutExpanding) {
  EXPECT_EQ(*parse_command("a  b\tc"), (Words{"a", "b", "c"}));
  EXPECT_EQ(*parse_command("sh -c 'echo \"$X\" \\'"), (Words{"sh", "-c", "echo \"$X\" \\"}));
  EXPECT_EQ(*parse_command("a\"b c\"'d e'\\ f"), (Words{"ab cd e f"}));
  EXPECT_EQ(*parse_command("a \"\\\\ \\\" \\n\""), (Words{"a", "\\ \" \\n"}));
  EXPECT_EQ(*parse_command("a ''"), (Words{"a", ""}));
}

TEST(ShellWords, TakesAJsonListAsItIs) {
  EXPECT_EQ(*parse_command(" [\"a b\", \"'\"] "), (Words{"a b", "'"}));
}

TEST(ShellWords, SaysWhatIsWrong) {
  for (const char* text :
       {"", "  ", "'", "a \"b", "a\\", "''", "[", "[\"a\", 1]", "{}x'", "[\"\"]"})
    EXPECT_FALSE(parse_command(text)) << text;
}

TEST(ShellWords, ReadsBackWhatItWrites) {
  for (const Words& words : {Words{"a"}, Words{"a b", "\"\\'", ""}, Words{"[x]", "y\n"}})
    EXPECT_EQ(*parse_command(format_command(words)), words);
}

}  // namespace
}  // namespace selfheal
