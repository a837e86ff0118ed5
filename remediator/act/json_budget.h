// How much of something fits into so many bytes of JSON. Texts are UTF-8. [pure]
#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace selfheal {

// Of a text in JSON, without its quotes.
size_t json_size(std::string_view text);

// The beginning, and the end, of `text` that take at most `bytes`; no character is cut through.
std::string_view beginning_within(std::string_view text, size_t bytes);
std::string_view end_within(std::string_view text, size_t bytes);

// What a part of a document may still take.
class JsonBudget {
 public:
  explicit JsonBudget(size_t bytes) : left_(bytes) {}

  // Takes an item of a list, or of an object with its name. False, and nothing taken, when it does
  // not fit; nothing does from then on, so that what is shown has no holes.
  bool take(const nlohmann::ordered_json& item, std::string_view name = {});
  size_t left() const { return left_; }

 private:
  size_t left_;
  bool closed_ = false;
};

}  // namespace selfheal
