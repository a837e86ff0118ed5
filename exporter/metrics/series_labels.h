// The labels that all series of a container, or of one of its probes, carry: `host`, `container`
// and `group`, of a configured target `target`, `group` and its own; of a probe also `probe`.
//
// [pure] Made once a scrape, for all rows of its snapshot and into one piece of memory, so that a
// family only copies them, and that they cost nothing between scrapes.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "exporter/health/health_table.h"

namespace selfheal {

class SeriesLabels {
 public:
  explicit SeriesLabels(const HealthSnapshot& all);

  // Of the rows of the snapshot, by their place in it. Live as long as this.
  std::string_view container(size_t row) const { return block(row); }
  std::string_view probe(size_t row) const { return block(containers_ + row); }

 private:
  std::string_view block(size_t number) const {
    const size_t begin = number == 0 ? 0 : ends_[number - 1];
    return std::string_view(text_).substr(begin, ends_[number] - begin);
  }

  size_t containers_;
  std::string text_;
  std::vector<size_t> ends_;  // of the blocks within text_: the containers', then the probes'
};

}  // namespace selfheal
