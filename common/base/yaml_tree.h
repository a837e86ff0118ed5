// A YAML document as compact values, for yaml_fields.* to read from.
//
// Made from yaml-cpp's events and not from its nodes, which take ten times the memory: a file with
// 100,000 targets must not cost more than what is made of it. Refuses, with the line, what would
// take the reader down or can't have been meant: bytes that are no text, nesting without end,
// aliases that expand to millions, a key that stands in a mapping twice, a second document.
//
// [pure] A tree is immutable; nodes live as long as it does. An alias is the very node that it
// names.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "common/base/result.h"

namespace selfheal {

class YamlNode {
 public:
  enum class Kind : uint8_t { null, scalar, list, map };
  using Children = std::vector<const YamlNode*>;

  YamlNode(Kind kind, int line) : kind_(kind), line_(line) {}

  bool is_null() const { return kind_ == Kind::null; }
  bool is_scalar() const { return kind_ == Kind::scalar; }
  bool is_list() const { return kind_ == Kind::list; }
  bool is_map() const { return kind_ == Kind::map; }
  int line() const { return line_; }  // from 1

  // Of a scalar, any bytes: !!binary is decoded.
  const std::string& text() const;
  // Of a list.
  const Children& items() const;
  // Of a mapping. Keys are scalars; << is one of them.
  size_t size() const { return items().size() / 2; }
  const YamlNode& key(size_t at) const { return *items()[2 * at]; }
  const YamlNode& value(size_t at) const { return *items()[2 * at + 1]; }
  // The value at `key`, looked for in what << merges too; or null.
  const YamlNode* find(std::string_view key) const;

 private:
  friend class YamlTreeBuilder;
  Kind kind_;
  int line_;
  std::variant<std::string, Children> content_;
};

inline constexpr std::string_view kMergeKey = "<<";

// Where a document can't be read, and why. Line 0: nowhere in particular.
struct YamlSyntaxFault {
  int line;
  std::string what;
};

class YamlTree {
 public:
  // An empty text is a null.
  static Result<YamlTree, YamlSyntaxFault> parse(const std::string& text);
  const YamlNode& root() const { return *root_; }

 private:
  friend class YamlTreeBuilder;
  std::deque<YamlNode> nodes_;
  const YamlNode* root_ = nullptr;
};

}  // namespace selfheal
