#include "common/base/yaml_tree.h"

#include <algorithm>
#include <exception>
#include <sstream>
#include <streambuf>

#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include "common/base/utf8.h"
#include "common/base/yaml_tree_builder.h"

namespace selfheal {
namespace {

// yaml-cpp holds all tokens of a line at once.
constexpr size_t kLongestLine = 4 << 20;
constexpr size_t kMostMerges = 16;  // merged mappings may merge again

// Read in place, without a copy.
class ViewBuffer final : public std::streambuf {
 public:
  explicit ViewBuffer(std::string_view text) {
    char* begin = const_cast<char*>(text.data());
    setg(begin, begin, begin + text.size());
  }
};

bool is_forbidden_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < ' ' && c != '\t' && c != '\n' && c != '\r') || byte == 0x7f;
}

// yaml-cpp would replace or take what is no text.
std::string fault_of_line(std::string_view line) {
  if (line.size() > kLongestLine) return "the line is longer than 4 MiB";
  if (std::any_of(line.begin(), line.end(), is_forbidden_control))
    return "it has a control character in it; write it escaped, within double quotes";
  if (!is_utf8(line)) return "it is not UTF-8";
  return "";
}

void demand_text(std::string_view text) {
  for (int line = 1; !text.empty(); ++line) {
    const size_t end = std::min(text.find('\n'), text.size());
    if (std::string what = fault_of_line(text.substr(0, end)); !what.empty())
      throw YamlSyntaxFault{line, std::move(what)};
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

YamlTree parse_or_throw(const std::string& text) {
  demand_text(text);
  ViewBuffer buffer(text);
  std::istream in(&buffer);
  YAML::Parser parser(in);
  YamlTreeBuilder builder;
  while (parser.HandleNextDocument(builder)) {
  }
  return builder.take();
}

const YamlNode* find_own(const YamlNode& map, std::string_view key) {
  for (size_t at = 0; at < map.size(); ++at) {
    if (map.key(at).text() == key) return &map.value(at);
  }
  return nullptr;
}

// Of several merged mappings the first that has the key wins.
const YamlNode* find_merged(const YamlNode& map, std::string_view key, size_t merges_left) {
  if (!map.is_map() || merges_left == 0) return nullptr;
  if (const YamlNode* own = find_own(map, key)) return own;
  const YamlNode* merged = find_own(map, kMergeKey);
  if (merged == nullptr) return nullptr;
  if (!merged->is_list()) return find_merged(*merged, key, merges_left - 1);
  for (const YamlNode* item : merged->items()) {
    if (const YamlNode* found = find_merged(*item, key, merges_left - 1)) return found;
  }
  return nullptr;
}

}  // namespace

const std::string& YamlNode::text() const {
  static const std::string none;
  const auto* text = std::get_if<std::string>(&content_);
  return text != nullptr ? *text : none;
}

const YamlNode::Children& YamlNode::items() const {
  static const Children none;
  const auto* children = std::get_if<Children>(&content_);
  return children != nullptr ? *children : none;
}

const YamlNode* YamlNode::find(std::string_view key) const {
  return find_merged(*this, key, kMostMerges);
}

Result<YamlTree, YamlSyntaxFault> YamlTree::parse(const std::string& text) {
  try {
    return parse_or_throw(text);
  } catch (const YamlSyntaxFault& fault) {
    return fault;
  } catch (const YAML::Exception& fault) {
    return YamlSyntaxFault{fault.mark.is_null() ? 0 : fault.mark.line + 1, fault.msg};
  } catch (const std::exception& fault) {  // yaml-cpp lets some of the standard library's out
    return YamlSyntaxFault{0, std::string("can't be read: ") + fault.what()};
  }
}

}  // namespace selfheal
