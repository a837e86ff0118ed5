// Where one hop of an HTTP probe connects to: at the address of its host, or through a proxy.
//
// The target's own host keeps its address over redirects, and no other one is tried, as in
// blackbox_exporter. Proxies, and hosts that redirects lead to, are met much as Go's dialer does
// it: any family will do, and where an address refuses or can't be reached one of the other family
// is tried (one that is silent uses up the time). Names of proxies are looked up here too: libcurl
// would do it by a thread that is waited for.
//
// Belongs to the probe, on the loop's thread; its destruction ends the search without a callback.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "exporter/probes/http/http_proxy.h"
#include "exporter/probes/http/http_services.h"
#include "exporter/probes/http/http_url.h"
#include "exporter/probes/net/address_search.h"
#include "exporter/probes/probe.h"
#include "exporter/probes/probe_log.h"

namespace selfheal {

struct HttpWay {
  HttpProxy proxy;         // with its own address; no URL: none
  std::string connect_to;  // an address literal with its port; empty: the proxy knows
};

class HttpRoute {
 public:
  // The error is the result of a probe that gets no further.
  using Found = std::function<void(Result<HttpWay, ProbeResult>)>;

  // All of them outlive it.
  HttpRoute(const HttpServices& services, const ProbeRequest& request, const ProbeLog& log);

  // `first` is the target, and `url` the same or what a redirect led to; both stay while this is
  // asked. `found` may be called from within. One search at a time.
  void find(const HttpUrl& url, const HttpUrl& first, SteadyTime deadline, Found found);
  // For the same hop, after no connection came about: the way by another family of addresses.
  // False when there is none to try, and `found` is not called.
  bool find_other(SteadyTime deadline, Found found);

  // Of the target's host, once it was looked up.
  const std::optional<ResolvedAddress>& address() const { return address_; }

 private:
  void search_proxy(const IpPreference& ip);
  void proxy_found(const Result<ResolvedAddress>& address);
  void find_host();
  void search(const IpPreference& ip);
  void host_found(const Result<ResolvedAddress>& address);
  void note_lookup(const Result<ResolvedAddress>& address) const;
  void tell(Result<HttpWay, ProbeResult> outcome);
  void fail(const char* log_message, ProbeResult result);
  void note_other_family(const ResolvedAddress& found, const std::string& host);
  bool redirected() const { return url_ != first_; }
  Milliseconds time_left() const { return selfheal::time_left(services_.loop, deadline_); }

  const HttpServices& services_;
  const ProbeRequest& request_;
  const HttpModule& module_;
  const ProbeLog& log_;
  AddressSearch search_;
  AddressSearch proxy_search_;  // told to nobody
  std::optional<ResolvedAddress> address_;

  // Of the present hop.
  const HttpUrl* url_ = nullptr;
  const HttpUrl* first_ = nullptr;
  SteadyTime deadline_{};
  Found found_;
  HttpWay way_;
  std::optional<IpProtocol> other_family_;  // still to be tried: the proxy's if there is one
  bool tried_other_ = false;
};

}  // namespace selfheal
