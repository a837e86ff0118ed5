#include "remediator/addresses.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <unistd.h>

namespace selfheal {
namespace {

// Numbers only: 127.example.org is a name, and anybody's. Or a network (common/http/own_address.h)
// that is all loopback's.
bool is_loopback_number(const std::string& host) {
  const size_t slash = host.find('/');
  const std::string number = host.substr(0, slash);
  if (!number.starts_with("127.") || number.find_first_not_of("0123456789.") != std::string::npos)
    return false;
  if (slash == std::string::npos) return true;
  unsigned bits = 0;
  const char* end = host.data() + host.size();
  const auto [stop, fault] = std::from_chars(host.data() + slash + 1, end, bits);
  return fault == std::errc{} && stop == end && bits >= 8;
}

}  // namespace

Result<std::string> base_url(const std::string& flag, const std::string& text) {
  std::string url = text;
  while (!url.empty() && url.back() == '/') url.pop_back();
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!url.starts_with(scheme) || url.size() == scheme.size()) continue;
    // A query would swallow the path that is put behind it.
    const bool plain = url.find_first_of("?# \t\n") == std::string::npos;
    if (plain && url[scheme.size()] != '/') return url;
  }
  return Error{flag + ": \"" + without_password(text) +
               "\" is no base address such as http://127.0.0.1:9093 or https://host/prefix"};
}

Result<std::string> optional_base_url(const std::string& flag, const std::string& text) {
  if (text.empty()) return text;
  return base_url(flag, text);
}

Result<std::vector<std::string>> base_urls(const std::string& flag,
                                           const std::vector<std::string>& texts) {
  std::vector<std::string> urls;
  for (const std::string& text : texts) {
    auto url = base_url(flag, text);
    if (!url) return url.error();
    urls.push_back(*std::move(url));
  }
  return urls;
}

std::string without_password(const std::string& url) {
  const size_t scheme = url.find("://");
  const size_t begin = scheme == std::string::npos ? 0 : scheme + 3;
  const size_t at = url.rfind('@', url.find_first_of("/?#", begin));
  const size_t colon = url.find(':', begin);
  if (at == std::string::npos || at < begin || colon > at) return url;
  return url.substr(0, colon + 1) + "***" + url.substr(at);
}

std::string host_of(const std::string& url) {
  const size_t scheme = url.find("://");
  std::string host = url.substr(scheme == std::string::npos ? 0 : scheme + 3);
  host.erase(std::min(host.size(), host.find('/')));
  host.erase(0, host.rfind('@') + 1);
  if (host.starts_with('[')) return host.substr(1, host.find(']') - 1);
  return host.substr(0, host.find(':'));
}

Result<std::vector<std::string>> loopback_only(const std::vector<std::string>& addresses) {
  std::vector<std::string> allowed;
  for (const std::string& address : addresses) {
    const size_t colon = address.rfind(':');
    const std::string host = address.substr(0, colon == std::string::npos ? 0 : colon);
    if (host.empty())
      allowed.push_back("127.0.0.1" + (colon == std::string::npos ? ":" + address : address));
    else if (host == "localhost" || host == "[::1]" || is_loopback_number(host))
      allowed.push_back(address);
    else
      return Error{"--web.listen-address " + address +
                   ": others can reach it, which needs a --webhook.token-file; without one use "
                   "127.0.0.1"};
  }
  return allowed;
}

std::string own_url(const std::string& scheme, uint16_t port) {
  std::array<char, 256> name{};
  const bool known = gethostname(name.data(), name.size() - 1) == 0 && name[0] != '\0';
  return scheme + "://" + (known ? name.data() : "localhost") + ":" + std::to_string(port);
}

}  // namespace selfheal
