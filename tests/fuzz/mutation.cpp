#include "tests/fuzz/mutation.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace selfheal::fuzz {
namespace {

using namespace std::string_view_literals;

constexpr size_t kMostChanges = 4;
constexpr size_t kLongestPiece = 64;
// What programs stumble over.
constexpr std::array kTrouble{"\0"sv,
                              "\xff"sv,
                              "\xe2\x80\xae"sv,
                              "\n"sv,
                              "\""sv,
                              "<script>"sv,
                              "'>"sv,
                              "-1"sv,
                              "0"sv,
                              "1e999"sv,
                              "9223372036854775808"sv,
                              "%00"sv,
                              "%ff"sv,
                              "../"sv,
                              "{"sv,
                              "]"sv,
                              "null"sv,
                              "\\u0000"sv,
                              "\\ud800"sv};

}  // namespace

size_t Mutations::below(size_t limit) {
  // Not std::uniform_int_distribution, which differs between libraries.
  return limit == 0 ? 0 : random_() % limit;
}

std::string Mutations::next() {
  std::string input = seeds_[below(seeds_.size())];
  for (size_t count = 1 + below(kMostChanges); count > 0; --count) change(input);
  return input;
}

void Mutations::change(std::string& input) {
  const size_t at = below(input.size() + 1);
  const size_t length = std::min(input.size() - at, 1 + below(kLongestPiece));
  switch (below(7)) {
    case 0:
      if (at < input.size()) input[at] = static_cast<char>(input[at] ^ (1 << below(8)));
      break;
    case 1:
      if (at < input.size()) input[at] = static_cast<char>(below(256));
      break;
    case 2:
      input.erase(at, length);
      break;
    case 3:
      input.insert(at, input.substr(at, length));
      break;
    case 4:
      input.insert(at, kTrouble[below(kTrouble.size())]);
      break;
    case 5:
      input.replace(at, length, kTrouble[below(kTrouble.size())]);
      break;
    default: {
      const std::string& other = seeds_[below(seeds_.size())];
      input = input.substr(0, at) + other.substr(below(other.size() + 1));
    }
  }
}

}  // namespace selfheal::fuzz
