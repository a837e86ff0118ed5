#include "exporter/probes/http/http_url.h"

#include <cstdlib>
#include <memory>

#include <curl/curl.h>
#include <strings.h>

#include "exporter/probes/net/address_literal.h"
#include "exporter/probes/net/redacted_url.h"

namespace selfheal {
namespace {

struct FreeUrl {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
using UrlPtr = std::unique_ptr<CURLU, FreeUrl>;

std::string part_of(CURLU* url, CURLUPart part, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, flags) != CURLUE_OK) return "";
  std::string copy(text);
  curl_free(text);
  return copy;
}

HttpUrl parts_of(CURLU* url) {
  HttpUrl parts;
  parts.scheme = part_of(url, CURLUPART_SCHEME);
  parts.user = part_of(url, CURLUPART_USER, CURLU_URLDECODE);
  parts.password = part_of(url, CURLUPART_PASSWORD, CURLU_URLDECODE);
  parts.host = part_of(url, CURLUPART_HOST);
  if (parts.host.size() > 2 && parts.host.front() == '[')
    parts.host = parts.host.substr(1, parts.host.size() - 2);
  parts.port = std::atoi(part_of(url, CURLUPART_PORT, CURLU_DEFAULT_PORT).c_str());
  parts.path = part_of(url, CURLUPART_PATH);
  const std::string query = part_of(url, CURLUPART_QUERY);
  if (!query.empty()) parts.path += "?" + query;
  return parts;
}

Result<HttpUrl> set_and_take_apart(CURLU* url, const std::string& text, unsigned how) {
  // Blanks and bytes beyond ASCII occur in Location headers.
  const unsigned flags = CURLU_URLENCODE | CURLU_NON_SUPPORT_SCHEME | how;
  const CURLUcode code = curl_url_set(url, CURLUPART_URL, text.c_str(), flags);
  if (code != CURLUE_OK)
    return Error{"not a URL: " + redacted_url(text) + " (" + curl_url_strerror(code) + ")"};
  return parts_of(url);
}

}  // namespace

Result<HttpUrl> HttpUrl::parse(const std::string& text) {
  const UrlPtr url(curl_url());
  const bool has_scheme =
      strncasecmp(text.c_str(), "http://", 7) == 0 || strncasecmp(text.c_str(), "https://", 8) == 0;
  return set_and_take_apart(url.get(), has_scheme ? text : "http://" + text, CURLU_PATH_AS_IS);
}

Result<HttpUrl> HttpUrl::resolve(const std::string& location) const {
  const UrlPtr url(curl_url());
  const std::string here = text();
  if (curl_url_set(url.get(), CURLUPART_URL, here.c_str(), 0) != CURLUE_OK)
    return Error{"not a URL: " + here};
  return set_and_take_apart(url.get(), location, 0);
}

std::string HttpUrl::authority() const {
  const std::string name = is_ipv6_literal(host) ? "[" + host + "]" : host;
  return port == (tls() ? 443 : 80) ? name : name + ":" + std::to_string(port);
}

}  // namespace selfheal
