#include "common/http/own_address.h"

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <memory>
#include <optional>

#include <arpa/inet.h>
#include <ifaddrs.h>

#include "common/base/text_list.h"

namespace selfheal {
namespace {

struct Network {
  uint32_t address = 0;
  uint32_t mask = 0;
};

std::optional<uint32_t> ipv4_of(const std::string& text) {
  in_addr address{};
  if (inet_pton(AF_INET, text.c_str(), &address) != 1) return std::nullopt;
  return ntohl(address.s_addr);
}

std::optional<Network> network_of(const std::string& address, const std::string& bits) {
  const auto base = ipv4_of(address);
  unsigned length = 0;
  const char* end = bits.data() + bits.size();
  const auto [stop, fault] = std::from_chars(bits.data(), end, length);
  if (!base || fault != std::errc{} || stop != end || length > 32) return std::nullopt;
  const uint32_t mask = length == 0 ? 0 : ~uint32_t{0} << (32 - length);
  return Network{*base & mask, mask};
}

Result<std::vector<std::string>> own_addresses() {
  ifaddrs* first = nullptr;
  if (getifaddrs(&first) != 0)
    return Error{std::string("this machine's addresses can't be read: ") + std::strerror(errno)};
  const std::unique_ptr<ifaddrs, decltype(&freeifaddrs)> all(first, &freeifaddrs);
  std::vector<std::string> found;
  for (const ifaddrs* each = first; each != nullptr; each = each->ifa_next) {
    if (each->ifa_addr == nullptr || each->ifa_addr->sa_family != AF_INET) continue;
    std::array<char, INET_ADDRSTRLEN> text{};
    const void* address = &reinterpret_cast<const sockaddr_in*>(each->ifa_addr)->sin_addr;
    if (inet_ntop(AF_INET, address, text.data(), text.size()) != nullptr)
      found.emplace_back(text.data());
  }
  return found;
}

// Of "10.0.3.0/24:10115" what stands before the port; nothing of an address that names no network.
std::optional<std::string> named_network(const std::string& listen_address) {
  const size_t slash = listen_address.find('/');
  const size_t colon = listen_address.rfind(':');
  if (slash == std::string::npos || colon == std::string::npos || colon < slash)
    return std::nullopt;
  return listen_address.substr(0, colon);
}

Result<Network> parsed(const std::string& named) {
  const size_t slash = named.find('/');
  const auto network = network_of(named.substr(0, slash), named.substr(slash + 1));
  if (!network) return Error{named + " is no network; expected one such as 10.0.3.0/24"};
  return *network;
}

}  // namespace

Outcome<> check_networks(const std::vector<std::string>& listen_addresses) {
  for (const std::string& address : listen_addresses) {
    const auto named = named_network(address);
    if (!named) continue;
    if (const auto network = parsed(*named); !network)
      return Error{"--web.listen-address " + address + ": " + network.error().message};
  }
  return Done{};
}

Result<std::string> with_own_address(const std::string& listen_address) {
  if (!named_network(listen_address)) return listen_address;
  const auto own = own_addresses();
  if (!own) return own.error();
  return with_own_address(listen_address, *own);
}

Result<std::string> with_own_address(const std::string& listen_address,
                                     const std::vector<std::string>& own) {
  const auto named = named_network(listen_address);
  if (!named) return listen_address;
  const auto network = parsed(*named);
  if (!network) return network.error();
  for (const std::string& address : own) {
    const auto candidate = ipv4_of(address);
    if (candidate && (*candidate & network->mask) == network->address)
      return address + listen_address.substr(named->size());
  }
  return Error{"this machine has no address in " + *named + ", but " +
               (own.empty() ? "none" : joined(own))};
}

}  // namespace selfheal
