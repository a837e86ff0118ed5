#include "exporter/probes/docker/command_output.h"

#include <gtest/gtest.h>

namespace selfheal {
namespace {

TEST(CommandOutput, KeepsTheBeginningAndTheEnd) {
  CommandOutput output;
  output.add("first\n");
  for (int i = 0; i < 100; ++i) output.add(std::string(1'000, 'x'));
  output.add("\nlast");
  EXPECT_EQ(output.beginning().size(), CommandOutput::kBeginning);
  EXPECT_EQ(output.beginning().substr(0, 7), "first\nx");
  EXPECT_EQ(output.end().size(), CommandOutput::kEnd);
  EXPECT_EQ(last_line(output.end()), "last");
}

TEST(LastLine, IsTheLastThatSaysSomething) {
  EXPECT_EQ(last_line("a\nb\n"), "b");
  EXPECT_EQ(last_line("a\r\n  b c \r\n\r\n"), "b c");
  EXPECT_EQ(last_line("alone"), "alone");
  EXPECT_EQ(last_line(" \n"), "");
  EXPECT_EQ(last_line(std::string(1'000, 'x')).size(), 200U);
}

TEST(DescribeExit, SaysWhatItMeans) {
  EXPECT_EQ(describe_exit(3, "starting\nno database\n"), "exit status 3: no database");
  EXPECT_EQ(describe_exit(1, ""), "exit status 1");
  EXPECT_EQ(describe_exit(127, "sh: nope: not found"),
            "exit status 127 (there is no such command in the container): sh: nope: not found");
}

}  // namespace
}  // namespace selfheal
