// Finds the address of one host for one probe, and logs it as blackbox_exporter does.
//
// Belongs to the probe; its destruction ends the search without a callback.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "exporter/probes/net/name_resolver.h"
#include "exporter/probes/probe_log.h"

namespace selfheal {

class AddressSearch {
 public:
  using Found = std::function<void(Result<ResolvedAddress>)>;

  // `resolver` must outlive it.
  AddressSearch(NameResolver& resolver, ProbeLog log) : resolver_(resolver), log_(std::move(log)) {}
  ~AddressSearch();
  AddressSearch(const AddressSearch&) = delete;
  AddressSearch& operator=(const AddressSearch&) = delete;

  // The address where `host` is one; else nothing, and `found` is called later, from the loop.
  std::optional<ResolvedAddress> start(const std::string& host, const IpPreference& ip,
                                       Milliseconds timeout, Found found);

 private:
  void log_found(const std::string& host, const ResolvedAddress& address) const;

  NameResolver& resolver_;
  const ProbeLog log_;
  std::optional<NameResolver::Id> running_;
};

}  // namespace selfheal
