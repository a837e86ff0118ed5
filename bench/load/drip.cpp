#include "bench/load/drip.h"

#include <cerrno>
#include <string_view>
#include <thread>
#include <vector>

#include <netinet/in.h>
#include <sys/socket.h>

#include "common/base/unique_fd.h"

namespace selfheal::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kDripPause{1};
constexpr std::chrono::milliseconds kLookPause{10};

enum class Kind { silent, headers, body };

struct Client {
  Kind kind;
  UniqueFd fd = {};
  Clock::time_point next_byte{};
};

UniqueFd connect_to(uint16_t port) {
  UniqueFd fd(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in peer{};
  peer.sin_family = AF_INET;
  peer.sin_port = htons(port);
  peer.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(fd.get(), reinterpret_cast<const sockaddr*>(&peer), sizeof(peer)) != 0) fd.reset();
  return fd;
}

void say(const Client& client, std::string_view text) {
  send(client.fd.get(), text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
}

std::string_view beginning_of(Kind kind) {
  if (kind == Kind::silent) return "";
  if (kind == Kind::headers) return "POST /api/v1/alerts HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Drip: ";
  return "POST /api/v1/alerts HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100000\r\n\r\n";
}

// What the server says is read and thrown away.
bool was_cut(const Client& client) {
  char bytes[4096];
  for (;;) {
    const ssize_t size = recv(client.fd.get(), bytes, sizeof(bytes), MSG_DONTWAIT);
    if (size == 0 || (size < 0 && errno != EAGAIN)) return true;
    if (size < 0) return false;
  }
}

void look_after(Client& client, uint16_t port, Clock::time_point now, DripCounts& counts) {
  if (client.fd && was_cut(client)) {
    client.fd.reset();
    ++counts.cut;
  }
  if (!client.fd) {
    client.fd = connect_to(port);
    if (!client.fd) return;
    ++counts.opened;
    say(client, beginning_of(client.kind));
    client.next_byte = now + kDripPause;
  }
  if (now < client.next_byte || client.kind == Kind::silent) return;
  say(client, "x");
  client.next_byte = now + kDripPause;
}

}  // namespace

DripCounts drip(uint16_t port, int clients, std::chrono::nanoseconds duration) {
  constexpr int kKinds = 3;
  std::vector<Client> all;
  for (int i = 0; i < clients; ++i) all.push_back({static_cast<Kind>(i % kKinds)});
  DripCounts counts;
  const auto end = Clock::now() + duration;
  for (auto now = Clock::now(); now < end; now = Clock::now()) {
    for (Client& client : all) look_after(client, port, now, counts);
    std::this_thread::sleep_for(kLookPause);
  }
  return counts;
}

}  // namespace selfheal::bench
