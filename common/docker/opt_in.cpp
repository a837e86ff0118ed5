#include "common/docker/opt_in.h"

namespace selfheal {

bool opted_in(const Labels& labels) {
  for (const char* name : {"selfheal.enable", "monitored"}) {
    const auto label = labels.find(name);
    if (label != labels.end()) return label->second == "true";
  }
  return false;
}

}  // namespace selfheal
