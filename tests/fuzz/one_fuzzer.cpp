// libFuzzer's way in: SELFHEAL_FUZZER is the name of one of fuzzers.h.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "tests/fuzz/fuzzers.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  selfheal::fuzz::SELFHEAL_FUZZER({reinterpret_cast<const char*>(data), size});
  return 0;
}
