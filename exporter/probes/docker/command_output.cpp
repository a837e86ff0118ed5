#include "exporter/probes/docker/command_output.h"

#include <algorithm>

namespace selfheal {
namespace {

constexpr std::string_view kBlank = " \t\r\n";

std::string_view meaning_of(int exit_code) {
  switch (exit_code) {
    case 126:
      return " (the command can't be executed)";
    case 127:
      return " (there is no such command in the container)";
    case 137:
      return " (it was killed)";
    default:
      return "";
  }
}

}  // namespace

void CommandOutput::add(std::string_view piece) {
  if (beginning_.size() < kBeginning) beginning_ += piece.substr(0, kBeginning - beginning_.size());
  end_ += piece.substr(piece.size() - std::min(piece.size(), kEnd));
  if (end_.size() > kEnd) end_.erase(0, end_.size() - kEnd);
}

std::string last_line(std::string_view text) {
  constexpr size_t kLongest = 200;
  const size_t last = text.find_last_not_of(kBlank);
  if (last == std::string_view::npos) return "";
  text = text.substr(0, last + 1);
  const size_t line_break = text.find_last_of("\r\n");
  if (line_break != std::string_view::npos) text.remove_prefix(line_break + 1);
  text.remove_prefix(text.find_first_not_of(kBlank));
  return std::string(text.substr(0, kLongest));
}

std::string describe_exit(int exit_code, std::string_view output) {
  const std::string line = last_line(output);
  return "exit status " + std::to_string(exit_code) + std::string(meaning_of(exit_code)) +
         (line.empty() ? "" : ": " + line);
}

}  // namespace selfheal
