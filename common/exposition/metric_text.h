// Numbers and labels as Prometheus' text formats write them.
//
// [pure] A label block is what stands between the braces of a series, `host="box",container="web"`:
// it is made once per series or group of series, and copied from then on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace selfheal {

// Write to `out`, which has room for kNumberLength, and return where they ended. Whole numbers have
// no exponent, others are the shortest text that reads back as the same number.
inline constexpr size_t kNumberLength = 32;
char* put_number(char* out, uint64_t value);
char* put_number(char* out, double value);

// Appends `name="value"`, after a comma unless `block` is empty. Values from containers may hold
// anything: quotes, backslashes and line ends are escaped, what is not UTF-8 becomes U+FFFD (one
// such byte would make Prometheus refuse the whole scrape).
void append_label(std::string& block, std::string_view name, std::string_view value);

// Whether a label can have this name.
bool is_label_name(std::string_view name);

using LabelView = std::pair<std::string_view, std::string_view>;
std::string label_block(std::initializer_list<LabelView> labels);

// `text` with backslashes and line ends escaped, as HELP wants it; with quotes too for OpenMetrics.
enum class HelpQuotes { plain, escaped };
std::string escaped_help(std::string_view text, HelpQuotes quotes);

}  // namespace selfheal
