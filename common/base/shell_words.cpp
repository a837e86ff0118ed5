#include "common/base/shell_words.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <nlohmann/json.hpp>

namespace selfheal {
namespace {

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

// Takes one word after the other from the left.
class Splitter {
 public:
  explicit Splitter(std::string_view text) : rest_(text) {}

  Result<std::vector<std::string>> run() {
    std::vector<std::string> words;
    for (;;) {
      while (!rest_.empty() && is_blank(rest_.front())) rest_.remove_prefix(1);
      if (rest_.empty()) return words;
      auto next = word();
      if (!next) return next.error();
      words.push_back(*std::move(next));
    }
  }

 private:
  Result<std::string> word() {
    std::string word;
    while (!rest_.empty() && !is_blank(rest_.front())) {
      const char c = take();
      if (c == '\'' || c == '"') {
        if (!quoted(c, word)) return Error{std::string("a ") + c + " is not closed"};
      } else if (c != '\\') {
        word += c;
      } else if (rest_.empty()) {
        return Error{"nothing follows the last backslash"};
      } else {
        word += take();
      }
    }
    return word;
  }

  // Whether the closing quote was there.
  bool quoted(char quote, std::string& word) {
    while (!rest_.empty()) {
      const char c = take();
      if (c == quote) return true;
      const bool escapes = quote == '"' && c == '\\' && !rest_.empty() &&
                           (rest_.front() == '"' || rest_.front() == '\\');
      word += escapes ? take() : c;
    }
    return false;
  }

  char take() {
    const char c = rest_.front();
    rest_.remove_prefix(1);
    return c;
  }

  std::string_view rest_;
};

Result<std::vector<std::string>> parse_json_list(std::string_view text) {
  const auto json = nlohmann::json::parse(text, nullptr, false);
  const bool texts = json.is_array() && std::all_of(json.begin(), json.end(), [](const auto& item) {
                       return item.is_string();
                     });
  if (!texts) return Error{"expected a JSON list of texts, as [\"cmd\",\"arg\"]"};
  return json.get<std::vector<std::string>>();
}

bool needs_quotes(const std::string& word) {
  return word.empty() || word.find_first_of(" \t\r\n'\"\\") != std::string::npos;
}

}  // namespace

Result<std::vector<std::string>> parse_command(std::string_view text) {
  const size_t begin = std::min(text.find_first_not_of(" \t\r\n"), text.size());
  auto words = text.substr(begin).starts_with('[') ? parse_json_list(text) : Splitter(text).run();
  if (!words) return words;
  if (words->empty() || words->front().empty()) return Error{"the command is missing"};
  for (const std::string& word : *words) {
    if (word.find('\0') != std::string::npos) return Error{"a command can't have a NUL in it"};
  }
  return words;
}

std::string format_command(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) {
    if (!text.empty()) text += ' ';
    if (!needs_quotes(word) && !(text.empty() && word.starts_with('['))) {
      text += word;
      continue;
    }
    text += '"';
    for (const char c : word) {
      if (c == '"' || c == '\\') text += '\\';
      text += c;
    }
    text += '"';
  }
  return text;
}

}  // namespace selfheal
