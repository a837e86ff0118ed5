// ICMP echo messages of both families, and what ICMP errors say. [pure]
//
// What is taken apart comes from the network: nothing here trusts it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "exporter/modules/module.h"

namespace selfheal {

struct IcmpEcho {
  uint16_t id = 0;
  uint16_t sequence = 0;
  std::string_view payload;  // of a parsed one: within what was parsed
};

// With its checksum; that of IPv6 is the kernel's to fill in.
std::string echo_request(IpProtocol ip, const IcmpEcho& echo);

// Nothing when it is no echo reply.
std::optional<IcmpEcho> parse_echo_reply(IpProtocol ip, std::string_view message);
// The echo request that an ICMP error quotes, cut off anywhere behind its first eight bytes.
std::optional<IcmpEcho> parse_quoted_request(IpProtocol ip, std::string_view quoted);

// The payload of an IPv4 packet, as raw sockets hand it out; empty when it is none.
std::string_view without_ipv4_header(std::string_view packet);

// "host unreachable". Nothing for those that do not mean that a packet is lost, as redirects.
std::optional<std::string> icmp_error_text(IpProtocol ip, uint8_t type, uint8_t code);

}  // namespace selfheal
