#include <cstdio>
#include <cstdlib>

#include "tests/fuzz/fuzzers.h"

namespace selfheal::fuzz {

void demand(bool kept, const char* promise) {
  if (kept) return;
  std::fprintf(stderr, "broken promise: %s\n", promise);
  std::abort();
}

}  // namespace selfheal::fuzz
