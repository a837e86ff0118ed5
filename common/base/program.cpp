#include "common/base/program.h"

#ifndef SELFHEAL_VERSION
#error "the build sets SELFHEAL_VERSION"
#endif

namespace selfheal {

const char* version() {
  return SELFHEAL_VERSION;
}

std::string version_text(const std::string& program) {
  return program + ", version " + version() + " (C++20, " + __VERSION__ + ")";
}

}  // namespace selfheal
