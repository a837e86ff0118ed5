// How the probe loop and what works for it name a target.
#pragma once

#include <cstdint>

namespace selfheal {

using TargetId = uint64_t;

}  // namespace selfheal
