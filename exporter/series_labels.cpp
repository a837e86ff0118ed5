#include "exporter/series_labels.h"

#include "common/exposition/metric_text.h"

namespace selfheal {

std::string container_labels(const WatchedContainer& seen) {
  if (seen.origin == Origin::docker)
    return label_block(
        {{"host", seen.key.host}, {"container", seen.key.name}, {"group", seen.group}});
  std::string block = label_block({{"target", seen.key.name}, {"group", seen.group}});
  for (const auto& [name, value] : seen.labels) append_label(block, name, value);
  return block;
}

std::string probe_labels(const std::string& container_labels, const ProbeSpec& spec) {
  std::string block = container_labels;
  append_label(block, "probe", spec.name);
  return block;
}

}  // namespace selfheal
