// Targets by the thousand without as many sockets: all of 127.0.0.0/8 is this machine, so that one
// listening socket is as many targets as there are addresses. [pure]
#pragma once

#include <cstdint>
#include <string>

namespace selfheal::bench {

// The address of target `index`, in host order: 127.1.0.0 and up.
constexpr uint32_t address_of_target(uint32_t index) {
  return 0x7f010000U + index;
}

inline std::string to_text(uint32_t address) {
  return std::to_string(address >> 24) + '.' + std::to_string(address >> 16 & 255) + '.' +
         std::to_string(address >> 8 & 255) + '.' + std::to_string(address & 255);
}

}  // namespace selfheal::bench
