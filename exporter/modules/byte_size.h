// Sizes as people write them. [pure]
#pragma once

#include <cstdint>
#include <string_view>

#include "common/base/result.h"

namespace selfheal {

// "10MB", "1GiB", "512": bytes. MB and MiB are both 1024 times 1024, as in blackbox_exporter.
Result<uint64_t> parse_byte_size(std::string_view text);

}  // namespace selfheal
