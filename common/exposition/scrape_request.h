// What a scraper asks for by its headers.
//
// [pure] Weights (`;q=`) count as RFC 9110 says: what has the highest is given, 0 refuses, and
// text is what those get who ask for nothing that is here.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "common/exposition/histogram_bounds.h"

namespace selfheal {

// From `Accept`. OpenMetrics only for those who name it.
MetricsFormat wanted_format(std::string_view accept);
const char* content_type(MetricsFormat format);

// From `Accept-Encoding`.
bool wants_gzip(std::string_view accept_encoding);

// From `X-Prometheus-Scrape-Timeout-Seconds`; nothing when it is not there or can't be read.
std::optional<std::chrono::nanoseconds> scrape_timeout(std::string_view header);

}  // namespace selfheal
