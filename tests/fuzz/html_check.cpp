#include "tests/fuzz/html_check.h"

#include <algorithm>
#include <array>

namespace selfheal::fuzz {
namespace {

using namespace std::string_view_literals;

constexpr std::array kTags{
    "a"sv,       "article"sv, "aside"sv,   "b"sv,        "body"sv,   "button"sv,  "circle"sv,
    "code"sv,    "dd"sv,      "details"sv, "div"sv,      "dl"sv,     "dt"sv,      "footer"sv,
    "form"sv,    "h1"sv,      "h2"sv,      "h3"sv,       "h4"sv,     "h5"sv,      "head"sv,
    "header"sv,  "html"sv,    "input"sv,   "label"sv,    "li"sv,     "line"sv,    "link"sv,
    "main"sv,    "meta"sv,    "nav"sv,     "noscript"sv, "ol"sv,     "option"sv,  "output"sv,
    "p"sv,       "path"sv,    "pre"sv,     "rect"sv,     "script"sv, "section"sv, "select"sv,
    "small"sv,   "span"sv,    "summary"sv, "svg"sv,      "table"sv,  "tbody"sv,   "td"sv,
    "text"sv,    "th"sv,      "thead"sv,   "time"sv,     "title"sv,  "tr"sv,      "ul"sv,
    "!DOCTYPE"sv};
constexpr std::array kAttributes{"aria-hidden"sv,
                                 "aria-label"sv,
                                 "autocomplete"sv,
                                 "charset"sv,
                                 "class"sv,
                                 "content"sv,
                                 "cx"sv,
                                 "cy"sv,
                                 "d"sv,
                                 "data-body"sv,
                                 "data-fragment"sv,
                                 "data-key"sv,
                                 "data-live"sv,
                                 "data-post"sv,
                                 "data-reading"sv,
                                 "data-top"sv,
                                 "datetime"sv,
                                 "defer"sv,
                                 "height"sv,
                                 "hidden"sv,
                                 "href"sv,
                                 "html"sv,
                                 "id"sv,
                                 "lang"sv,
                                 "maxlength"sv,
                                 "name"sv,
                                 "open"sv,
                                 "overflow"sv,
                                 "placeholder"sv,
                                 "preserveAspectRatio"sv,
                                 "r"sv,
                                 "rel"sv,
                                 "role"sv,
                                 "size"sv,
                                 "spellcheck"sv,
                                 "src"sv,
                                 "text-anchor"sv,
                                 "title"sv,
                                 "type"sv,
                                 "value"sv,
                                 "viewBox"sv,
                                 "width"sv,
                                 "x"sv,
                                 "x1"sv,
                                 "x2"sv,
                                 "y"sv,
                                 "y1"sv,
                                 "y2"sv};

template <class Names>
bool is_one_of(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string_view take_name(std::string_view& text) {
  const size_t end = std::min(text.size(), text.find_first_of(" \t\n=>/\"'<"));
  const std::string_view name = text.substr(0, end);
  text.remove_prefix(end);
  return name;
}

// Up to the closing quote; false: there is none, or a character that should have been escaped.
bool take_value(std::string_view& text, std::string_view& value) {
  if (!text.starts_with("=\"")) return false;
  text.remove_prefix(2);
  const size_t end = text.find('"');
  if (end == std::string_view::npos) return false;
  value = text.substr(0, end);
  text.remove_prefix(end + 1);
  return value.find_first_of("<>") == std::string_view::npos;
}

// "<a href="…" class="…">" behind its "<"; what is foreign in it.
std::string foreign_in_tag(std::string_view& text) {
  if (text.starts_with('/')) text.remove_prefix(1);
  const std::string_view tag = take_name(text);
  if (!is_one_of(kTags, tag)) return "a tag: <" + std::string(tag.substr(0, 40));
  for (;;) {
    text.remove_prefix(std::min(text.size(), text.find_first_not_of(" \n/")));
    if (text.empty()) return "a tag without an end";
    if (text.front() == '>') break;
    const std::string_view name = take_name(text);
    if (!is_one_of(kAttributes, name)) return "an attribute: " + std::string(name.substr(0, 40));
    std::string_view value;
    if (text.starts_with('=') && !take_value(text, value)) return "a value of " + std::string(name);
    const bool link = name == "href" || name == "src";
    if (link && value.find(':') != std::string_view::npos) return "a link: " + std::string(value);
    if (tag == "script" && name == "src" && !value.ends_with("page.js")) return "a script";
  }
  text.remove_prefix(1);
  // What stands in a script is not shown: ours is in a file of its own.
  if (tag == "script" && !text.starts_with("</script>") && !text.starts_with("</head>"))
    return "a script's text";
  return "";
}

}  // namespace

std::string foreign_html(std::string_view html) {
  while (!html.empty()) {
    const size_t begin = html.find_first_of("<>\"'");
    if (begin == std::string_view::npos) break;
    const char found = html[begin];
    const std::string_view around = html.substr(begin, 40);
    html.remove_prefix(begin + 1);
    if (found == '>') return "a \">\": " + std::string(around);
    if (found != '<') continue;  // our own sentences have quotes
    if (std::string foreign = foreign_in_tag(html); !foreign.empty()) return foreign;
  }
  return "";
}

}  // namespace selfheal::fuzz
