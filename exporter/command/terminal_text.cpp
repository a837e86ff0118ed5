#include "exporter/command/terminal_text.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace selfheal {
namespace {

constexpr size_t kNarrowest = 40;
constexpr size_t kIndent = 2;
constexpr size_t kNameColumn = 14;  // with the blank after it
constexpr size_t kTimeColumn = 10;
constexpr size_t kBarGap = 2;
constexpr size_t kLongestBar = 40;

std::string blanks(size_t count) {
  return std::string(count, ' ');
}

std::string padded(std::string_view text, size_t columns) {
  return std::string(text) + blanks(columns - std::min(columns, text.size()));
}

std::string right_aligned(const std::string& text, size_t columns) {
  return blanks(columns - std::min(columns, text.size())) + text;
}

// Where a line of at most `columns` bytes can end: at a blank or after a comma, else anywhere but
// within a character of UTF-8.
size_t line_end(std::string_view text, size_t columns) {
  if (text.size() <= columns) return text.size();
  const size_t blank = text.find_last_of(" ,", columns - 1);
  if (blank != std::string_view::npos && blank > 0) return blank + 1;
  size_t end = columns;
  while (end > 1 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return end;
}

const char* colour_of(Tone tone) {
  switch (tone) {
    case Tone::plain:
      return "";
    case Tone::title:
      return "\x1b[1m";
    case Tone::quiet:
      return "\x1b[2m";
    case Tone::good:
      return "\x1b[32m";
    case Tone::doubtful:
      return "\x1b[33m";
    case Tone::bad:
      return "\x1b[31m";
  }
  return "";
}

}  // namespace

std::string printable(std::string_view text, std::string_view allowed) {
  std::string clean(text);
  for (size_t i = 0; i < clean.size(); ++i) {
    const auto byte = static_cast<unsigned char>(clean[i]);
    const bool control =
        (byte < 0x20 && allowed.find(clean[i]) == std::string_view::npos) || byte == 0x7f;
    // U+0080 to U+009F: some terminals take U+009B for an escape sequence's beginning.
    const auto next = static_cast<unsigned char>(i + 1 < clean.size() ? clean[i + 1] : '\0');
    const bool control_of_two = byte == 0xc2 && next >= 0x80 && next <= 0x9f;
    if (control || control_of_two) clean[i] = '?';
    if (control_of_two) clean.erase(i + 1, 1);
  }
  return clean;
}

std::string time_text(TerminalText::Seconds time) {
  const double ms = time.count() * 1e3;
  std::array<char, 32> text{};
  const char* format = ms < 10 ? "%.2f ms" : (ms < 1000 ? "%.1f ms" : "%.2f s");
  std::snprintf(text.data(), text.size(), format, ms < 1000 ? ms : ms / 1e3);
  return text.data();
}

TerminalText::TerminalText(const Terminal& terminal)
    : terminal_(terminal), columns_(std::max(terminal.columns, kNarrowest)) {}

std::string TerminalText::toned(std::string_view text, Tone tone) const {
  const bool bare = terminal_.colours == Colours::none || tone == Tone::plain || text.empty();
  if (bare) return std::string(text);
  return std::string(colour_of(tone)).append(text) + "\x1b[0m";
}

// `head` on the first line, as many blanks on the others.
void TerminalText::wrapped(const std::string& head, std::string_view value, Tone tone) {
  const std::string clean = printable(value);
  std::string_view rest = clean;
  std::string margin = toned(head, Tone::quiet);
  do {
    const size_t end = line_end(rest, columns_ - head.size());
    text_ += margin + toned(rest.substr(0, end), tone) + '\n';
    rest.remove_prefix(end);
    margin = blanks(head.size());
  } while (!rest.empty());
}

void TerminalText::fact(std::string_view name, std::string_view value, Tone tone) {
  wrapped(blanks(kIndent) + padded(printable(name).substr(0, kNameColumn - 1), kNameColumn), value,
          tone);
}

void TerminalText::line(std::string_view text, Tone tone) {
  wrapped("", text, tone);
}

void TerminalText::gap() {
  if (!text_.ends_with("\n\n")) text_ += '\n';
}

std::string TerminalText::bar(size_t eighths) const {
  if (terminal_.glyphs == Glyphs::ascii) return std::string((eighths + 7) / 8, '#');
  static constexpr std::array kParts{"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  std::string blocks;
  for (size_t i = 0; i < eighths / 8; ++i) blocks += "█";
  return blocks + kParts.at(eighths % 8);
}

void TerminalText::phases(const std::vector<Phase>& phases) {
  Seconds total{0};
  for (const Phase& phase : phases) total += phase.time;
  const size_t room =
      std::min(columns_ - kIndent - kNameColumn - kTimeColumn - kBarGap, kLongestBar);
  const double scale = total.count() > 0 ? static_cast<double>(room) / total.count() : 0;
  Seconds begin{0};
  for (const Phase& phase : phases) {
    const bool happened = phase.time.count() > 0;
    const std::string time = right_aligned(happened ? time_text(phase.time) : "-", kTimeColumn);
    text_ += toned(blanks(kIndent) + padded(phase.name, kNameColumn), Tone::quiet) +
             toned(time, happened ? Tone::plain : Tone::quiet);
    if (happened) {
      const auto from = std::min(static_cast<size_t>(begin.count() * scale), room - 1);
      const auto end = (begin + phase.time).count() * scale - static_cast<double>(from);
      const auto eighths = std::clamp<size_t>(static_cast<size_t>(end * 8), 1, (room - from) * 8);
      text_ += blanks(kBarGap + from) + toned(bar(eighths), Tone::good);
    }
    begin += phase.time;
    text_ += '\n';
  }
}

}  // namespace selfheal
