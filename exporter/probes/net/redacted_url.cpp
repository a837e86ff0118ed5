#include "exporter/probes/net/redacted_url.h"

namespace selfheal {

std::string redacted_url(std::string_view url) {
  const size_t scheme = url.find("://");
  const size_t begin = scheme == std::string_view::npos ? 0 : scheme + 3;
  // A host has no @, so the last one ends the password, whatever stands in it.
  const std::string_view authority = url.substr(0, url.find_first_of("/?#", begin));
  const size_t at = authority.rfind('@');
  const size_t colon = authority.find(':', begin);
  if (at == std::string_view::npos || colon == std::string_view::npos || colon > at)
    return std::string(url);
  return std::string(url.substr(0, colon + 1)) + "xxxxx" + std::string(url.substr(at));
}

}  // namespace selfheal
