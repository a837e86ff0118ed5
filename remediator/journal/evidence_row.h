// The evidence of one attempt as the journal keeps it. [pure]
#pragma once

#include <string>

#include "common/base/clock.h"

namespace selfheal {

struct EvidenceRow {
  int attempt = 0;  // its number within the incident
  WallTime collected_at;
  std::string content;  // JSON: act/evidence_document.h
};

}  // namespace selfheal
