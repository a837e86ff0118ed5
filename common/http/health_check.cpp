#include "common/http/health_check.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "common/http/blocking_http_client.h"
#include "common/http/client_address.h"
#include "common/http/own_address.h"

namespace selfheal {
namespace {

constexpr std::string_view kReady = "ready\n";
constexpr size_t kMostTold = 300;  // for a person, who reads one line

// HOST:PORT, without the user and the password that the address may carry.
std::string authority_of(const std::string& url) {
  const std::string rest = url.substr(url.find("://") + 3);
  return rest.substr(rest.rfind('@') + 1);  // npos + 1 is 0
}

bool at_loopback(const std::string& url) {
  const std::string authority = authority_of(url);
  const std::string host = authority.substr(0, authority.rfind(':'));
  return host == "localhost" || host == "[::1]" || is_loopback(host);
}

// In one line.
std::string told(const std::string& url, std::string what) {
  std::replace(what.begin(), what.end(), '\n', ' ');
  return authority_of(url) + ": " + what.substr(0, kMostTold);
}

HttpRequest question(const std::string& url, const std::string& path, Milliseconds timeout) {
  HttpRequest request;
  request.url = url + path;
  request.timeout = timeout;
  request.connection = HttpConnection::fresh;
  if (at_loopback(url)) request.tls = HttpTls{HttpTls::Verify::nobody, "", "", ""};
  return request;
}

// Bound to every address, or to one of loopback's.
std::string by_loopback(const std::string& address) {
  const size_t colon = address.rfind(':');
  const std::string host = colon == std::string::npos ? "" : address.substr(0, colon);
  constexpr std::array<std::string_view, 3> kEvery{"", "0.0.0.0", "[::]"};
  if (std::find(kEvery.begin(), kEvery.end(), host) != kEvery.end())
    return "127.0.0.1:" + address.substr(colon + 1);
  return at_loopback("http://" + address) ? address : "";
}

// The body of a 200.
Result<std::string> ask(const std::string& url, const std::string& path, Milliseconds timeout,
                        const Clock& clock) {
  BlockingHttpClient client(clock, "health");
  const HttpResult answer = client.fetch(question(url, path, timeout));
  if (!answer) return Error{told(url, answer.error().message)};
  if (answer->status != 200)
    return Error{told(url, std::to_string(answer->status) + " " + answer->body)};
  return answer->body;
}

}  // namespace

Outcome<> ask_health(const std::string& url, Remarks remarks, Milliseconds timeout,
                     const Clock& clock) {
  const Result<std::string> answer = ask(url, "/-/ready", timeout, clock);
  if (!answer) return answer.error();
  if (remarks == Remarks::are_faults && *answer != kReady) return Error{told(url, *answer)};
  return Done{};
}

Outcome<> ask_alive(const std::string& url, Milliseconds timeout, const Clock& clock) {
  const Result<std::string> answer = ask(url, "/-/healthy", timeout, clock);
  if (!answer) return answer.error();
  return Done{};
}

Result<std::string> local_url(const std::vector<std::string>& listen_addresses) {
  std::vector<std::string> addresses;
  for (const std::string& asked : listen_addresses) {
    Result<std::string> own = with_own_address(asked);
    if (!own) return Error{"--web.listen-address " + asked + ": " + own.error().message};
    addresses.push_back(*std::move(own));
  }
  for (const std::string& address : addresses)
    if (const std::string own = by_loopback(address); !own.empty()) return "http://" + own;
  return addresses.empty() ? "" : "http://" + addresses.front();
}

}  // namespace selfheal
