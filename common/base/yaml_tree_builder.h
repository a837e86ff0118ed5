// Builds a YamlTree from yaml-cpp's events; throws YamlSyntaxFault, for events can't answer.
#pragma once

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/mark.h>

#include "common/base/yaml_tree.h"

namespace selfheal {

class YamlTreeBuilder final : public YAML::EventHandler {
 public:
  YamlTree take();

  void OnDocumentStart(const YAML::Mark& mark) override;
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override;
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override;
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override;
  void OnMapEnd() override;

 private:
  // How much a node is when every alias in it is followed.
  struct Extent {
    uint64_t nodes = 0;
    uint64_t bytes = 0;
  };
  struct Open {
    YamlNode* node;
    Extent extent;
    YAML::anchor_t anchor;
  };
  struct Anchored {
    const YamlNode* node = nullptr;  // null until it is complete
    Extent extent;
  };

  YamlNode& add(YamlNode::Kind kind, const YAML::Mark& mark);
  void open(YamlNode::Kind kind, const YAML::Mark& mark, YAML::anchor_t anchor);
  void close();
  // Puts a complete node into what is open.
  void attach(const YamlNode& node, Extent extent, int line);
  void remember(YAML::anchor_t anchor, const YamlNode& node, Extent extent);

  YamlTree tree_;
  std::vector<Open> open_;
  std::vector<Anchored> anchored_;  // by yaml-cpp's number of the anchor
  bool begun_ = false;
};

}  // namespace selfheal
