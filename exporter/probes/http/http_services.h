// What the probers that speak HTTP share on their loop; all of it outlives them.
#pragma once

#include "common/base/event_loop.h"
#include "common/http/curl_multi.h"
#include "exporter/probes/net/name_resolver.h"
#include "exporter/probes/net/small_files.h"
#include "exporter/probes/tls/tls_contexts.h"

namespace selfheal {

struct HttpServices {
  // How HTTP without TLS and proxy is spoken (quick_exchange.h): by_curl is for tests.
  enum class PlainHttp { direct, by_curl };

  EventLoop& loop;
  CurlMulti& curl;
  NameResolver& resolver;
  TlsContexts& tls;
  SmallFiles& files;
  PlainHttp plain_http = PlainHttp::direct;
};

}  // namespace selfheal
