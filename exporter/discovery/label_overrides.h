// What the configuration says instead of a container's labels, which can't change while the
// container lives:
//
//   overrides:
//     - container: shop-web-1          # or `group: shop/web`, or both
//       labels:
//         selfheal.interval: 5s
//         selfheal.probe: none
//         selfheal.enable: "false"     # not watched, though it opted in
//
// [pure] In the order of the file, later ones over earlier ones; `group` is compared with the group
// that the container has by then. Only containers that opted in themselves are looked at.
#pragma once

#include <string>
#include <vector>

#include "common/base/yaml_fields.h"
#include "common/docker/docker_api.h"

namespace selfheal {

struct LabelOverride {
  std::string container;  // empty: any
  std::string group;      // empty: any
  Labels labels;
  bool operator==(const LabelOverride&) const = default;
};

// The container's labels as they are to be read.
Labels overridden(Labels labels, const std::string& container_name,
                  const std::vector<LabelOverride>& overrides);

// Reads the key `overrides` of the file's root. A label that there is not, or whose value can't be
// read, is a fault; what loads but has no effect is a line of `warnings`.
std::vector<LabelOverride> read_overrides(YamlFields& root, std::vector<std::string>& warnings);

// As the file would say it, under `overrides:`; nothing where there are none.
std::string to_yaml(const std::vector<LabelOverride>& overrides);

}  // namespace selfheal
