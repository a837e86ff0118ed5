#include "exporter/probes/http/http_url.h"

#include <cstdlib>

#include <strings.h>

#include "exporter/probes/http/curl_url.h"
#include "exporter/probes/net/address_literal.h"
#include "exporter/probes/net/redacted_url.h"

namespace selfheal {
namespace {

HttpUrl parts_of(const CurlUrlPtr& url) {
  HttpUrl parts;
  parts.scheme = part_of(url, CURLUPART_SCHEME);
  parts.user = part_of(url, CURLUPART_USER, CURLU_URLDECODE);
  parts.password = part_of(url, CURLUPART_PASSWORD, CURLU_URLDECODE);
  parts.host = host_of(url);
  parts.port = std::atoi(part_of(url, CURLUPART_PORT, CURLU_DEFAULT_PORT).c_str());
  parts.path = part_of(url, CURLUPART_PATH);
  const std::string query = part_of(url, CURLUPART_QUERY);
  if (!query.empty()) parts.path += "?" + query;
  return parts;
}

Result<HttpUrl> set_and_take_apart(const CurlUrlPtr& url, const std::string& text, unsigned how) {
  // Blanks and bytes beyond ASCII occur in Location headers.
  const unsigned flags = CURLU_URLENCODE | CURLU_NON_SUPPORT_SCHEME | how;
  const CURLUcode code = curl_url_set(url.get(), CURLUPART_URL, text.c_str(), flags);
  if (code != CURLUE_OK)
    return Error{"not a URL: " + redacted_url(text) + " (" + curl_url_strerror(code) + ")"};
  return parts_of(url);
}

}  // namespace

Result<HttpUrl> HttpUrl::parse(const std::string& text) {
  const CurlUrlPtr url(curl_url());
  const bool has_scheme =
      strncasecmp(text.c_str(), "http://", 7) == 0 || strncasecmp(text.c_str(), "https://", 8) == 0;
  return set_and_take_apart(url, has_scheme ? text : "http://" + text, CURLU_PATH_AS_IS);
}

Result<HttpUrl> HttpUrl::resolve(const std::string& location) const {
  const CurlUrlPtr url(curl_url());
  const std::string here = text();
  if (curl_url_set(url.get(), CURLUPART_URL, here.c_str(), 0) != CURLUE_OK)
    return Error{"not a URL: " + here};
  return set_and_take_apart(url, location, 0);
}

std::string HttpUrl::authority() const {
  const std::string name = is_ipv6_literal(host) ? "[" + host + "]" : host;
  return port == (tls() ? 443 : 80) ? name : name + ":" + std::to_string(port);
}

}  // namespace selfheal
