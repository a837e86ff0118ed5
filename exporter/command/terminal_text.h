// Text laid out for a person at a terminal: facts in two columns, phases as a waterfall, wrapped
// lines; in colours and with block characters where the terminal shows them.
//
// [pure] Control characters in what is told become '?', so that nothing from a peer can move the
// cursor. No line is longer than the terminal is wide, as long as that is at least 40 columns.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace selfheal {

enum class Colours { none, ansi };
enum class Glyphs { ascii, unicode };

struct Terminal {
  size_t columns = 80;
  Colours colours = Colours::none;
  Glyphs glyphs = Glyphs::ascii;
};

enum class Tone { plain, title, quiet, good, doubtful, bad };

class TerminalText {
 public:
  using Seconds = std::chrono::duration<double>;
  struct Phase {
    const char* name;
    Seconds time{0};
  };

  explicit TerminalText(const Terminal& terminal);

  // A name, and beside it what there is to tell, on as many lines as it needs.
  void fact(std::string_view name, std::string_view value, Tone tone = Tone::plain);
  // Each begins where the one before it ended; one that took no time did not happen.
  void phases(const std::vector<Phase>& phases);
  void line(std::string_view text, Tone tone = Tone::plain);
  // An empty line between sections; none where a section had nothing to tell.
  void gap();
  std::string text() && { return std::move(text_); }

 private:
  void wrapped(const std::string& head, std::string_view value, Tone tone);
  std::string toned(std::string_view text, Tone tone) const;
  std::string bar(size_t eighths) const;

  const Terminal terminal_;
  const size_t columns_;
  std::string text_;
};

// Without control characters, but for those that are `allowed`.
std::string printable(std::string_view text, std::string_view allowed = "");

// "0.43 ms", "43.1 ms", "1.25 s"
std::string time_text(TerminalText::Seconds time);

}  // namespace selfheal
