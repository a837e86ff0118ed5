#include "exporter/probes/http/http_proxy.h"

#include <cstdlib>
#include <memory>

#include <curl/curl.h>
#include <strings.h>

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

struct FreeUrl {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
using UrlPtr = std::unique_ptr<CURLU, FreeUrl>;

std::string part_of(CURLU* url, CURLUPart part) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, 0) != CURLUE_OK) return "";
  std::string copy(text);
  curl_free(text);
  return copy;
}

// Null where it is no URL; without a scheme it is http.
UrlPtr take_apart(const std::string& proxy) {
  UrlPtr url(curl_url());
  const unsigned flags = CURLU_GUESS_SCHEME | CURLU_NON_SUPPORT_SCHEME;
  if (curl_url_set(url.get(), CURLUPART_URL, proxy.c_str(), flags) != CURLUE_OK) return nullptr;
  return url;
}

}  // namespace

void HttpProxy::move_to(const std::string& address) {
  const UrlPtr parts = take_apart(url);
  const std::string literal =
      address.find(':') == std::string::npos ? address : "[" + address + "]";
  curl_url_set(parts.get(), CURLUPART_HOST, literal.c_str(), 0);
  url = part_of(parts.get(), CURLUPART_URL);
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
  const UrlPtr parts = take_apart(proxy.url);
  if (parts != nullptr) proxy.host = part_of(parts.get(), CURLUPART_HOST);
  if (proxy.host.size() > 2 && proxy.host.front() == '[')
    proxy.host = proxy.host.substr(1, proxy.host.size() - 2);
  if (proxy.host.empty()) return Error{"the URL of the proxy is none that can be used"};
  return proxy;
}

}  // namespace selfheal
