#include "exporter/command/terminal_text.h"

#include <algorithm>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace selfheal {
namespace {

using testing::HasSubstr;
using testing::Not;
using Seconds = TerminalText::Seconds;

std::string phases(const std::vector<TerminalText::Phase>& phases, Glyphs glyphs = Glyphs::ascii,
                   size_t columns = 80) {
  TerminalText text({columns, Colours::none, glyphs});
  text.phases(phases);
  return std::move(text).text();
}

TEST(TerminalText, EachPhaseBeginsWhereTheOneBeforeEnded) {
  EXPECT_EQ(phases({{"connect", Seconds(0.010)}, {"processing", Seconds(0.030)}}),
            "  connect          10.0 ms  ##########\n"
            "  processing       30.0 ms            ##############################\n");
}

TEST(TerminalText, APhaseThatDidNotHappenHasNoBar) {
  EXPECT_EQ(phases({{"tls", Seconds(0)}}), "  tls                    -\n");
}

TEST(TerminalText, EveryPhaseThatHappenedIsSeen) {
  EXPECT_EQ(phases({{"long", Seconds(1)}, {"short", Seconds(1e-6)}}),
            "  long              1.00 s  " + std::string(40, '#') + "\n" +
                "  short            0.00 ms  " + std::string(39, ' ') + "#\n");
}

TEST(TerminalText, BlocksShowParts) {
  EXPECT_EQ(phases({{"a", Seconds(0.0125)}, {"b", Seconds(0.3875)}}, Glyphs::unicode)
                .substr(0, std::string("  a                12.5 ms  █▎\n").size()),
            "  a                12.5 ms  █▎\n");
}

TEST(TerminalText, StaysWithinANarrowTerminal) {
  for (const size_t columns : {10, 40, 47, 100}) {
    TerminalText text({columns, Colours::none, Glyphs::ascii});
    text.fact("names", std::string(90, 'x') + ",b.example,c.example, \xc3\xa4\xc3\xa4");
    text.fact("a name that is longer than its column", "value");
    text.phases({{"tls", Seconds(2)}, {"transfer", Seconds(1e-9)}});
    text.line("a reason that goes on and on until it is too long for the line of any terminal");
    std::istringstream lines(std::move(text).text());
    for (std::string line; std::getline(lines, line);)
      EXPECT_LE(line.size(), std::max<size_t>(columns, 40)) << line;
  }
}

TEST(TerminalText, NothingThatIsToldCanMoveTheCursor) {
  TerminalText text({80, Colours::none, Glyphs::ascii});
  text.fact("sub\x1bject", "CN=\x1b[2J\n");
  EXPECT_EQ(std::move(text).text(), "  sub?ject      CN=?[2J?\n");
  EXPECT_EQ(printable("\xc2\x9b"
                      "2J \xc3\x9b \xc2\xa0 \xc2",
                      " "),
            "?2J \xc3\x9b \xc2\xa0 \xc2");
  EXPECT_EQ(printable("a\n\tb\r", "\n\t"), "a\n\tb?");
}

TEST(TerminalText, ColoursOnlyWhereWanted) {
  for (const Colours colours : {Colours::none, Colours::ansi}) {
    TerminalText text({80, colours, Glyphs::ascii});
    text.line("good", Tone::good);
    text.line("plain");
    EXPECT_EQ(std::move(text).text(),
              colours == Colours::ansi ? "\x1b[32mgood\x1b[0m\nplain\n" : "good\nplain\n");
  }
}

TEST(TerminalText, OneGapWhereASectionIsEmpty) {
  TerminalText text({});
  text.line("a");
  text.gap();
  text.gap();
  text.line("b");
  EXPECT_EQ(std::move(text).text(), "a\n\nb\n");
}

}  // namespace
}  // namespace selfheal
