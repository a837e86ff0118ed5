#include "compose/sample-app/healthcheck.h"

#include <algorithm>
#include <array>
#include <memory>

#include <netdb.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

namespace sample_app {
namespace {

constexpr std::string_view kRequest = "GET /health HTTP/1.0\r\n\r\n";
constexpr std::string_view kHealthy = "HTTP/1.1 200";

struct FreeAddresses {
  void operator()(addrinfo* addresses) const { freeaddrinfo(addresses); }
};
using Addresses = std::unique_ptr<addrinfo, FreeAddresses>;

Addresses look_up(const Peer& peer) {
  addrinfo hints{};
  hints.ai_family = AF_INET;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(peer.host.c_str(), peer.port.c_str(), &hints, &found) != 0) return nullptr;
  return Addresses(found);
}

timeval to_timeval(std::chrono::milliseconds duration) {
  timeval value{};
  value.tv_sec = duration.count() / 1000;
  value.tv_usec = duration.count() % 1000 * 1000;
  return value;
}

// All or nothing: the status line is the first thing a server sends, in one piece.
bool ask(int socket, const addrinfo& address, std::chrono::milliseconds patience) {
  const timeval limit = to_timeval(patience);
  setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  if (connect(socket, address.ai_addr, address.ai_addrlen) != 0) return false;
  if (send(socket, kRequest.data(), kRequest.size(), MSG_NOSIGNAL) < 0) return false;
  std::array<char, kHealthy.size()> answer{};
  const ssize_t length = recv(socket, answer.data(), answer.size(), MSG_WAITALL);
  return length > 0 && std::string_view(answer.data(), static_cast<size_t>(length)) == kHealthy;
}

}  // namespace

std::optional<Peer> parse_peer(std::string_view text) {
  const size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return std::nullopt;
  const std::string_view port = text.substr(colon + 1);
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (port.empty() || port.size() > 5 || !std::all_of(port.begin(), port.end(), is_digit))
    return std::nullopt;
  return Peer{std::string(text.substr(0, colon)), std::string(port)};
}

bool is_healthy(const Peer& peer, std::chrono::milliseconds patience) {
  const Addresses addresses = look_up(peer);
  if (!addresses) return false;
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (socket < 0) return false;
  const bool healthy = ask(socket, *addresses, patience);
  close(socket);
  return healthy;
}

}  // namespace sample_app
