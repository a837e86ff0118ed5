// libcurl's URL parser (CURLU) with an owner, for http_url.cpp and http_proxy.cpp.
#pragma once

#include <memory>
#include <string>

#include <curl/curl.h>

namespace selfheal {

struct FreeCurlUrl {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
using CurlUrlPtr = std::unique_ptr<CURLU, FreeCurlUrl>;

// Empty where `url` has no such part. `flags`: CURLU_…
std::string part_of(const CurlUrlPtr& url, CURLUPart part, unsigned flags = 0);
// An IPv6 literal without its brackets.
std::string host_of(const CurlUrlPtr& url);

}  // namespace selfheal
