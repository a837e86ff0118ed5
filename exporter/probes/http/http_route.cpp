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
  if (!proxy)
    return fail("Error for HTTP request", failed(ProbeReason::protocol, proxy.error().message));
  if (proxy->url.empty()) return find_host();
  way_.proxy = *std::move(proxy);
  search_proxy({});
}

void HttpRoute::search_proxy(const IpPreference& ip) {
  const auto known =
      proxy_search_.start(way_.proxy.host, ip, time_left(),
                          [this](const Result<ResolvedAddress>& address) { proxy_found(address); });
  if (known) proxy_found(*known);
}

void HttpRoute::proxy_found(const Result<ResolvedAddress>& address) {
  // Whether this hop is excepted libcurl decides; then the proxy is not needed.
  if (!address && (way_.proxy.exceptions.empty() || tried_other_))
    return fail("Error resolving address",
                not_connected(ProbeReason::dns, "the proxy: " + address.error().message));
  if (address) {
    note_other_family(*address, way_.proxy.host);
    way_.proxy.move_to(address->address);
  }
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
  const IpPreference ip{*std::exchange(other_family_, std::nullopt), false};
  if (way_.proxy.url.empty())
    search(ip);
  else
    search_proxy(ip);
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
  if (!address)
    return fail("Error resolving address",
                not_connected(ProbeReason::dns, address.error().message));
  if (redirected())
    note_other_family(*address, url_->host);
  else
    address_ = *address;
  way_.connect_to = to_string(Endpoint{address->address, url_->port});
  tell(way_);
}

// Of a name; a literal has no other address.
void HttpRoute::note_other_family(const ResolvedAddress& found, const std::string& host) {
  if (tried_other_ || found.address == host) return;
  other_family_ = found.ipv6 ? IpProtocol::ip4 : IpProtocol::ip6;
}

void HttpRoute::note_lookup(const Result<ResolvedAddress>& address) const {
  const TraceSeconds lookup = address ? address->lookup : TraceSeconds(0);
  log_.trace().http->resolve += lookup;
  if (redirected()) return;
  log_.trace().resolve = address ? ResolveTrace{lookup, address->address, address->ipv6}
                                 : ResolveTrace{lookup, "", false};
}

void HttpRoute::fail(const char* log_message, ProbeResult result) {
  if (log_) log_.error(log_message, {{"err", result.detail}});
  tell(std::move(result));
}

void HttpRoute::tell(Result<HttpWay, ProbeResult> outcome) {
  const Found found = std::move(found_);
  found(std::move(outcome));
}

}  // namespace selfheal
