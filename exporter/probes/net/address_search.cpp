#include "exporter/probes/net/address_search.h"

#include <utility>

#include "exporter/probes/net/address_literal.h"

namespace selfheal {

AddressSearch::~AddressSearch() {
  if (running_) resolver_.cancel(*running_);
}

std::optional<ResolvedAddress> AddressSearch::start(const std::string& host, const IpPreference& ip,
                                                    Milliseconds timeout, Found found) {
  const char* family = ip.preferred == IpProtocol::ip6 ? "ip6" : "ip4";
  if (log_) log_.info("Resolving target address", {{"target", host}, {"ip_protocol", family}});
  if (std::optional<ResolvedAddress> literal = resolved_literal(host, ip)) {
    log_found(host, *literal);
    return literal;
  }
  running_ = resolver_.resolve(
      host, ip, timeout,
      [this, host, family, found = std::move(found)](Result<ResolvedAddress> address) {
        running_.reset();
        if (address)
          log_found(host, *address);
        else if (log_)
          log_.error("Resolution with IP protocol failed",
                     {{"target", host}, {"ip_protocol", family}, {"err", address.error().message}});
        const Found callback = found;  // may end the search
        callback(std::move(address));
      });
  return std::nullopt;
}

void AddressSearch::log_found(const std::string& host, const ResolvedAddress& address) const {
  if (log_) log_.info("Resolved target address", {{"target", host}, {"ip", address.address}});
}

}  // namespace selfheal
