#include "exporter/metrics/series_labels.h"

#include "common/exposition/metric_text.h"

namespace selfheal {
namespace {

constexpr size_t kUsualLength = 96;

void append_labels(std::string& block, const WatchedContainer& seen) {
  if (seen.origin == Origin::docker) {
    append_label(block, "host", seen.key.host);
    append_label(block, "container", seen.key.name);
    append_label(block, "group", seen.group);
  } else {
    append_label(block, "target", seen.key.name);
    append_label(block, "group", seen.group);
    for (const auto& [name, value] : seen.labels) append_label(block, name, value);
  }
}

}  // namespace

SeriesLabels::SeriesLabels(const HealthSnapshot& all) : containers_(all.containers.size()) {
  const size_t blocks = all.containers.size() + all.probes.size();
  ends_.reserve(blocks);
  text_.reserve(blocks * kUsualLength);
  std::string block;
  const auto keep = [&] {
    text_ += block;
    ends_.push_back(text_.size());
    block.clear();
  };
  for (const ContainerRow& row : all.containers) {
    append_labels(block, *row.container);
    keep();
  }
  for (const ProbeRow& row : all.probes) {
    append_labels(block, *row.identity->container);
    append_label(block, "probe", row.identity->spec->name);
    keep();
  }
}

}  // namespace selfheal
