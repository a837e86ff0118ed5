// Finds the address of one host for one probe, and logs it as blackbox_exporter does.
//
// Both belong to the loop's thread, and `resolver` must outlive them.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "common/base/event_loop.h"
#include "exporter/probes/net/name_resolver.h"
#include "exporter/probes/probe.h"
#include "exporter/probes/probe_log.h"

namespace selfheal {

// Belongs to the probe; its destruction ends the search without a callback.
class AddressSearch {
 public:
  using Found = std::function<void(Result<ResolvedAddress>)>;

  AddressSearch(NameResolver& resolver, ProbeLog log) : resolver_(resolver), log_(std::move(log)) {}
  ~AddressSearch();
  AddressSearch(const AddressSearch&) = delete;
  AddressSearch& operator=(const AddressSearch&) = delete;

  // The address where `host` is one; else nothing, and `found` is called later, from the loop.
  std::optional<ResolvedAddress> start(const std::string& host, const IpPreference& ip,
                                       Milliseconds timeout, Found found);

 private:
  NameResolver& resolver_;
  const ProbeLog log_;
  std::optional<NameResolver::Id> running_;
};

// What is left until `deadline`, at least a millisecond.
Milliseconds time_left(const EventLoop& loop, SteadyTime deadline);

// For probers that go on only when there is an address: fills in the trace as well, and the error
// is the probe's result.
NameResolver::Id resolve_target(EventLoop& loop, NameResolver& resolver, const std::string& host,
                                const IpPreference& ip, SteadyTime deadline, const ProbeLog& log,
                                std::function<void(Result<ResolvedAddress, ProbeResult>)> callback);

}  // namespace selfheal
