#include "common/base/yaml_reference.h"

#include <algorithm>
#include <utility>

namespace selfheal {

void YamlReference::add(const std::string& path, YamlKeyEntry key) {
  const auto [found, fresh] = at_.try_emplace(path, sections_.size());
  if (fresh) sections_.push_back({path, {}});
  std::vector<YamlKeyEntry>& keys = sections_[found->second].keys;
  const bool known = std::any_of(keys.begin(), keys.end(),
                                 [&](const YamlKeyEntry& other) { return other.name == key.name; });
  if (!known) keys.push_back(std::move(key));
}

}  // namespace selfheal
