#include "exporter/probes/http/http_route.h"

#include <utility>

#include "exporter/probes/http/http_request.h"
#include "exporter/probes/net/address_literal.h"

namespace selfheal {

HttpRoute::HttpRoute(const HttpServices& services, const ProbeRequest& request, const ProbeLog& log)
    : services_(services),
      request_(request),
      module_(request.module->http),
      log_(log),
      search_(services.resolver, log),
      proxy_search_(services.resolver, ProbeLog()) {}

void HttpRoute::find(const HttpUrl& url, const HttpUrl& first, SteadyTime deadline, Found found) {
  url_ = &url;
  first_ = &first;
  deadline_ = deadline;
  found_ = std::move(found);
  way_ = {};
  other_family_.reset();
  tried_other_ = false;
  if (request_.address && same_authority(url, first)) {
    way_.connect_to = to_string(*request_.address);
    return tell(way_);
  }
  Result<HttpProxy> proxy = proxy_for(module_, url);
  if (!proxy) return tell(failed(ProbeReason::protocol, proxy.error().message));
  if (proxy->url.empty()) return find_host();
  way_.proxy = *std::move(proxy);
  const auto known =
      proxy_search_.start(way_.proxy.host, {}, time_left(),
                          [this](const Result<ResolvedAddress>& address) { proxy_found(address); });
  if (known) proxy_found(*known);
}

void HttpRoute::proxy_found(const Result<ResolvedAddress>& address) {
  if (!address)
    return tell(not_connected(ProbeReason::dns, "the proxy: " + address.error().message));
  way_.proxy.move_to(address->address);
  // Further names are the proxy's to look up.
  if (redirected() || module_.skip_resolve_phase_with_proxy) return tell(way_);
  find_host();
}

void HttpRoute::find_host() {
  if (address_ && url_->host == first_->host) {
    way_.connect_to = to_string(Endpoint{address_->address, url_->port});
    return tell(way_);
  }
  IpPreference ip = module_.ip;
  if (redirected()) ip.fallback = true;
  search(ip);
}

bool HttpRoute::find_other(SteadyTime deadline, Found found) {
  if (!other_family_) return false;
  tried_other_ = true;
  deadline_ = deadline;
  found_ = std::move(found);
  search({*std::exchange(other_family_, std::nullopt), false});
  return true;
}

void HttpRoute::search(const IpPreference& ip) {
  const auto known =
      search_.start(url_->host, ip, time_left(),
                    [this](const Result<ResolvedAddress>& address) { host_found(address); });
  if (known) host_found(*known);
}

void HttpRoute::host_found(const Result<ResolvedAddress>& address) {
  if (log_) note_lookup(address);
  if (!address) {
    if (log_) log_.error("Error resolving address", {{"err", address.error().message}});
    return tell(not_connected(ProbeReason::dns, address.error().message));
  }
  if (!redirected())
    address_ = *address;
  else if (!tried_other_ && address->address != url_->host)
    other_family_ = address->ipv6 ? IpProtocol::ip4 : IpProtocol::ip6;
  way_.connect_to = to_string(Endpoint{address->address, url_->port});
  tell(way_);
}

void HttpRoute::note_lookup(const Result<ResolvedAddress>& address) const {
  const TraceSeconds lookup = address ? address->lookup : TraceSeconds(0);
  log_.trace().http->resolve += lookup;
  if (redirected()) return;
  log_.trace().resolve = address ? ResolveTrace{lookup, address->address, address->ipv6}
                                 : ResolveTrace{lookup, "", false};
}

void HttpRoute::tell(Result<HttpWay, ProbeResult> outcome) {
  const Found found = std::move(found_);
  found(std::move(outcome));
}

}  // namespace selfheal
