#include "exporter/probes/http/curl_url.h"

namespace selfheal {

std::string part_of(const CurlUrlPtr& url, CURLUPart part, unsigned flags) {
  char* text = nullptr;
  if (curl_url_get(url.get(), part, &text, flags) != CURLUE_OK) return "";
  std::string copy(text);
  curl_free(text);
  return copy;
}

std::string host_of(const CurlUrlPtr& url) {
  const std::string host = part_of(url, CURLUPART_HOST);
  return host.size() > 2 && host.front() == '[' ? host.substr(1, host.size() - 2) : host;
}

}  // namespace selfheal
