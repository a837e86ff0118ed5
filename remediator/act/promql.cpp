#include "remediator/act/promql.h"

#include <optional>
#include <string_view>

namespace selfheal {
namespace {

constexpr std::string_view kOpening = "{{";
constexpr std::string_view kClosing = "}}";

// One {{name}}, with the quotes right around it where there are any.
struct Placeholder {
  size_t begin = 0;
  size_t end = 0;
  std::string_view name;
  bool part_of_string = false;  // of a longer one
};

// The quote of the string that is open at `position`; 0: none is.
char open_quote_at(std::string_view text, size_t position) {
  char open = 0;
  for (size_t at = 0; at < position; ++at) {
    const char c = text[at];
    if (open == 0 && (c == '"' || c == '\'' || c == '`'))
      open = c;
    else if (c == open)
      open = 0;
    else if (c == '\\' && open != 0 && open != '`')
      ++at;
  }
  return open;
}

std::optional<Placeholder> next_placeholder(std::string_view text, size_t from) {
  Placeholder found;
  found.begin = text.find(kOpening, from);
  const size_t closing = text.find(kClosing, found.begin);
  if (found.begin == std::string_view::npos || closing == std::string_view::npos)
    return std::nullopt;
  const size_t name_at = found.begin + kOpening.size();
  found.name = text.substr(name_at, closing - name_at);
  found.end = closing + kClosing.size();
  const char quote = open_quote_at(text, found.begin);
  if (quote == 0) return found;
  const bool alone =
      text[found.begin - 1] == quote && found.end < text.size() && text[found.end] == quote;
  found.part_of_string = !alone;
  if (alone) {
    --found.begin;
    ++found.end;
  }
  return found;
}

}  // namespace

std::string promql_string(const std::string& text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    if (c == '\n')
      result += "\\n";
    else
      result += c;
  }
  return result + '"';
}

std::string container_selector(const std::string& host, const std::string& container,
                               const std::string& more) {
  return "{" + more + (more.empty() ? "" : ",") + "host=" + promql_string(host) +
         ",container=" + promql_string(container) + "}";
}

std::string successes_at_least(const std::string& selector, int count) {
  return "min by (host, container) (selfheal_probe_consecutive_successes" + selector +
         ") >= " + std::to_string(count);
}

std::string filled_query(const std::string& query, const std::string& host,
                         const std::string& container) {
  std::string filled;
  size_t done = 0;
  while (const auto placeholder = next_placeholder(query, done)) {
    filled.append(query, done, placeholder->begin - done);
    filled += promql_string(placeholder->name == "host" ? host : container);
    done = placeholder->end;
  }
  return filled.append(query, done);
}

Outcome<> check_query(const std::string& query) {
  if (query.empty()) return Error{"expected a PromQL query"};
  size_t done = 0;
  while (const auto placeholder = next_placeholder(query, done)) {
    const std::string shown = "{{" + std::string(placeholder->name) + "}}";
    if (placeholder->name != "host" && placeholder->name != "container")
      return Error{shown + " is not known; there are {{host}} and {{container}}"};
    if (placeholder->part_of_string)
      return Error{shown + " becomes a whole string, and can't be a part of one"};
    done = placeholder->end;
  }
  return Done{};
}

}  // namespace selfheal
