#include "remediator/act/json_budget.h"

namespace selfheal {
namespace {

constexpr size_t kQuotes = 2;
constexpr size_t kSeparator = 1;  // , or :

size_t json_size(char c) {
  constexpr std::string_view kShortEscapes = "\"\\\b\f\n\r\t";
  if (kShortEscapes.find(c) != std::string_view::npos) return 2;
  const bool control = static_cast<unsigned char>(c) < 0x20;
  return control ? std::string_view("\\u0000").size() : 1;
}

bool begins_character(char c) {
  return (static_cast<unsigned char>(c) & 0xc0U) != 0x80;
}

}  // namespace

size_t json_size(std::string_view text) {
  size_t size = 0;
  for (const char c : text) size += json_size(c);
  return size;
}

std::string_view beginning_within(std::string_view text, size_t bytes) {
  size_t fits = 0;  // up to here
  size_t size = 0;
  for (size_t at = 0; at < text.size(); ++at) {
    if (begins_character(text[at])) fits = at;
    size += json_size(text[at]);
    if (size > bytes) return text.substr(0, fits);
  }
  return text;
}

std::string_view end_within(std::string_view text, size_t bytes) {
  size_t fits = text.size();  // from here
  size_t size = 0;
  for (size_t at = text.size(); at > 0; --at) {
    size += json_size(text[at - 1]);
    if (size > bytes) break;
    if (begins_character(text[at - 1])) fits = at - 1;
  }
  return text.substr(fits);
}

bool JsonBudget::take(const nlohmann::ordered_json& item, std::string_view name) {
  size_t size = item.dump().size() + kSeparator;
  if (!name.empty()) size += json_size(name) + kQuotes + kSeparator;
  if (closed_ || size > left_) {
    closed_ = true;
    return false;
  }
  left_ -= size;
  return true;
}

}  // namespace selfheal
