#include "exporter/probes/net/address_search.h"

#include <algorithm>
#include <utility>

namespace selfheal {
namespace {

const char* family_of(const IpPreference& ip) {
  return ip.preferred == IpProtocol::ip6 ? "ip6" : "ip4";
}

void log_search(const ProbeLog& log, const std::string& host, const IpPreference& ip) {
  if (!log) return;
  log.info("Resolving target address", {{"target", host}, {"ip_protocol", family_of(ip)}});
}

void log_answer(const ProbeLog& log, const std::string& host, const IpPreference& ip,
                const Result<ResolvedAddress>& answer) {
  if (!log) return;
  if (answer)
    log.info("Resolved target address", {{"target", host}, {"ip", answer->address}});
  else
    log.error("Resolution with IP protocol failed",
              {{"target", host}, {"ip_protocol", family_of(ip)}, {"err", answer.error().message}});
}

}  // namespace

AddressSearch::~AddressSearch() {
  if (running_) resolver_.cancel(*running_);
}

std::optional<ResolvedAddress> AddressSearch::start(const std::string& host, const IpPreference& ip,
                                                    Milliseconds timeout, Found found) {
  log_search(log_, host, ip);
  if (std::optional<ResolvedAddress> literal = resolved_literal(host, ip)) {
    log_answer(log_, host, ip, *literal);
    return literal;
  }
  running_ =
      resolver_.resolve(host, ip, timeout,
                        [this, host, ip, found = std::move(found)](Result<ResolvedAddress> answer) {
                          running_.reset();
                          log_answer(log_, host, ip, answer);
                          const Found callback = found;  // may end the search
                          callback(std::move(answer));
                        });
  return std::nullopt;
}

Milliseconds time_left(const EventLoop& loop, SteadyTime deadline) {
  return std::max(Milliseconds(1), std::chrono::ceil<Milliseconds>(deadline - loop.now()));
}

NameResolver::Id resolve_target(
    EventLoop& loop, NameResolver& resolver, const std::string& host, const IpPreference& ip,
    SteadyTime deadline, const ProbeLog& log,
    std::function<void(Result<ResolvedAddress, ProbeResult>)> callback) {
  log_search(log, host, ip);
  const auto done = [&loop, host, ip, log, begun = loop.now(),
                     callback = std::move(callback)](Result<ResolvedAddress> answer) {
    log_answer(log, host, ip, answer);
    if (log)
      log.trace().resolve = answer ? ResolveTrace{answer->lookup, answer->address, answer->ipv6}
                                   : ResolveTrace{loop.now() - begun, "", false};
    if (!answer) return callback(not_connected(ProbeReason::dns, answer.error().message));
    callback(std::move(*answer));
  };
  return resolver.resolve(host, ip, time_left(loop, deadline), done);
}

}  // namespace selfheal
