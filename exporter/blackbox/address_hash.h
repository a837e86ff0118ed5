// FNV-1a, 32 bits, over the bytes of an address: blackbox_exporter's probe_ip_addr_hash, by which a
// change of address is seen.
#pragma once

#include <cstdint>
#include <string>

namespace selfheal {

// `literal` as 192.0.2.1 or 2001:db8::1, with or without a zone; 0 when it is neither.
uint32_t address_hash(const std::string& literal);

}  // namespace selfheal
