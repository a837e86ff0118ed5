#include "common/base/yaml_tree_builder.h"

#include <algorithm>

#include "common/base/base64.h"

namespace selfheal {
namespace {

constexpr size_t kDeepest = 100;
constexpr uint64_t kMostNodes = 4'000'000;
constexpr uint64_t kMostBytes = 64 << 20;
constexpr std::string_view kBinaryTag = "tag:yaml.org,2002:binary";

int line_of(const YAML::Mark& mark) {
  return mark.line + 1;
}

void demand_single_keys(const YamlNode& map) {
  std::vector<const YamlNode*> keys;
  for (size_t at = 0; at < map.size(); ++at) {
    if (!map.key(at).is_scalar()) throw YamlSyntaxFault{map.key(at).line(), "a key must be text"};
    keys.push_back(&map.key(at));
  }
  const auto by_text = [](const YamlNode* a, const YamlNode* b) { return a->text() < b->text(); };
  std::stable_sort(keys.begin(), keys.end(), by_text);
  for (size_t at = 1; at < keys.size(); ++at) {
    if (keys[at - 1]->text() == keys[at]->text())
      throw YamlSyntaxFault{keys[at]->line(),
                            "the key \"" + keys[at]->text() + "\" stands in this mapping twice"};
  }
}

}  // namespace

YamlTree YamlTreeBuilder::take() {
  if (tree_.root_ == nullptr) tree_.root_ = &tree_.nodes_.emplace_back(YamlNode::Kind::null, 1);
  return std::move(tree_);
}

void YamlTreeBuilder::OnDocumentStart(const YAML::Mark& mark) {
  if (std::exchange(begun_, true))
    throw YamlSyntaxFault{line_of(mark), "a second document begins; one was expected"};
}

YamlNode& YamlTreeBuilder::add(YamlNode::Kind kind, const YAML::Mark& mark) {
  return tree_.nodes_.emplace_back(kind, line_of(mark));
}

void YamlTreeBuilder::OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) {
  const YamlNode& node = add(YamlNode::Kind::null, mark);
  remember(anchor, node, {1, 0});
  attach(node, {1, 0}, node.line());
}

void YamlTreeBuilder::OnScalar(const YAML::Mark& mark, const std::string& tag,
                               YAML::anchor_t anchor, const std::string& value) {
  YamlNode& node = add(YamlNode::Kind::scalar, mark);
  auto& text = std::get<std::string>(node.content_);
  text = value;
  if (tag == kBinaryTag) {
    auto bytes = decode_base64(value);
    if (!bytes) throw YamlSyntaxFault{line_of(mark), "what is tagged !!binary is no base64"};
    text = *std::move(bytes);
  }
  const Extent extent{1, text.size()};
  remember(anchor, node, extent);
  attach(node, extent, node.line());
}

void YamlTreeBuilder::OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) {
  if (anchor >= anchored_.size() || anchored_[anchor].node == nullptr)
    throw YamlSyntaxFault{line_of(mark), "an alias stands within what it names"};
  attach(*anchored_[anchor].node, anchored_[anchor].extent, line_of(mark));
}

void YamlTreeBuilder::OnSequenceStart(const YAML::Mark& mark, const std::string&,
                                      YAML::anchor_t anchor, YAML::EmitterStyle::value) {
  open(YamlNode::Kind::list, mark, anchor);
}

void YamlTreeBuilder::OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                                 YAML::EmitterStyle::value) {
  open(YamlNode::Kind::map, mark, anchor);
}

void YamlTreeBuilder::OnMapEnd() {
  demand_single_keys(*open_.back().node);
  close();
}

void YamlTreeBuilder::open(YamlNode::Kind kind, const YAML::Mark& mark, YAML::anchor_t anchor) {
  if (open_.size() >= kDeepest) throw YamlSyntaxFault{line_of(mark), "it is nested too deeply"};
  YamlNode& node = add(kind, mark);
  node.content_ = YamlNode::Children();
  open_.push_back({&node, {1, 0}, anchor});
}

void YamlTreeBuilder::close() {
  const Open done = open_.back();
  open_.pop_back();
  std::get<YamlNode::Children>(done.node->content_).shrink_to_fit();
  remember(done.anchor, *done.node, done.extent);
  attach(*done.node, done.extent, done.node->line());
}

void YamlTreeBuilder::attach(const YamlNode& node, Extent extent, int line) {
  if (open_.empty()) {
    tree_.root_ = &node;
    return;
  }
  Open& parent = open_.back();
  std::get<YamlNode::Children>(parent.node->content_).push_back(&node);
  parent.extent.nodes += extent.nodes;
  parent.extent.bytes += extent.bytes;
  if (parent.extent.nodes > kMostNodes || parent.extent.bytes > kMostBytes)
    throw YamlSyntaxFault{line,
                          "it is too much: a file may have 4 million values and 64 MiB, "
                          "aliases followed"};
}

void YamlTreeBuilder::remember(YAML::anchor_t anchor, const YamlNode& node, Extent extent) {
  if (anchor == YAML::NullAnchor) return;
  if (anchored_.size() <= anchor) anchored_.resize(anchor + 1);
  anchored_[anchor] = {&node, extent};
}

}  // namespace selfheal
