#include "exporter/probes/http/http_proxy.h"

#include <cstdlib>

#include <strings.h>

#include "exporter/probes/http/curl_url.h"

namespace selfheal {
namespace {

std::string environment(const char* upper_case, const char* lower_case) {
  for (const char* name : {upper_case, lower_case})
    if (const char* value = std::getenv(name); value != nullptr && *value != '\0') return value;
  return "";
}

// Never asked through the environment's proxy, says Go.
bool is_this_machine(const std::string& host) {
  return strcasecmp(host.c_str(), "localhost") == 0 || host.starts_with("127.") || host == "::1";
}

// Null where it is no URL; without a scheme it is http.
CurlUrlPtr take_apart(const std::string& proxy) {
  CurlUrlPtr url(curl_url());
  const unsigned flags = CURLU_GUESS_SCHEME | CURLU_NON_SUPPORT_SCHEME;
  if (curl_url_set(url.get(), CURLUPART_URL, proxy.c_str(), flags) != CURLUE_OK) return nullptr;
  return url;
}

}  // namespace

void HttpProxy::move_to(const std::string& address) {
  const CurlUrlPtr parts = take_apart(url);
  const std::string literal =
      address.find(':') == std::string::npos ? address : "[" + address + "]";
  curl_url_set(parts.get(), CURLUPART_HOST, literal.c_str(), 0);
  url = part_of(parts, CURLUPART_URL);
}

Result<HttpProxy> proxy_for(const HttpModule& module, const HttpUrl& url) {
  HttpProxy proxy{module.proxy_url, "", module.no_proxy};
  if (module.proxy_from_environment && !is_this_machine(url.host)) {
    proxy.url = url.tls() ? environment("HTTPS_PROXY", "https_proxy")
                          : environment("HTTP_PROXY", "http_proxy");
    proxy.exceptions = environment("NO_PROXY", "no_proxy");
  }
  // libcurl would verify its certificate against the target's name. The URL is not quoted: it may
  // have a password in it.
  if (strncasecmp(proxy.url.c_str(), "https://", 8) == 0)
    return Error{"a proxy that is spoken to over TLS (https://) is not supported; use http://"};
  if (proxy.url.empty()) return proxy;
  const CurlUrlPtr parts = take_apart(proxy.url);
  if (parts != nullptr) proxy.host = host_of(parts);
  if (proxy.host.empty()) return Error{"the URL of the proxy is none that can be used"};
  return proxy;
}

}  // namespace selfheal
