#include "tests/support/sockets.h"

#include <array>
#include <cerrno>
#include <system_error>

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

namespace selfheal {
namespace {

constexpr int kBacklog = 128;
constexpr timeval kPatience{20, 0};

void demand(bool condition, const char* what) {
  if (!condition) throw std::system_error(errno, std::generic_category(), what);
}

sockaddr_in loopback(uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

UniqueFd bind_and_listen(int family, const sockaddr* address, socklen_t size) {
  UniqueFd fd(socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  demand(static_cast<bool>(fd), "socket");
  demand(bind(fd.get(), address, size) == 0, "bind");
  demand(listen(fd.get(), kBacklog) == 0, "listen");
  return fd;
}

UniqueFd tcp_socket() {
  UniqueFd fd(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  demand(static_cast<bool>(fd), "socket");
  return fd;
}

UniqueFd connected(UniqueFd fd, uint16_t port) {
  const sockaddr_in address = loopback(port);
  demand(connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0,
         "connect");
  return fd;
}

}  // namespace

UniqueFd listen_tcp() {
  const sockaddr_in address = loopback(0);
  return bind_and_listen(AF_INET, reinterpret_cast<const sockaddr*>(&address), sizeof(address));
}

UniqueFd listen_unix(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  demand(path.size() < sizeof(address.sun_path), "the path is too long for a unix socket");
  path.copy(address.sun_path, path.size());
  return bind_and_listen(AF_UNIX, reinterpret_cast<const sockaddr*>(&address), sizeof(address));
}

uint16_t port_of(const UniqueFd& listening) {
  sockaddr_in address{};
  socklen_t size = sizeof(address);
  demand(getsockname(listening.get(), reinterpret_cast<sockaddr*>(&address), &size) == 0,
         "getsockname");
  return ntohs(address.sin_port);
}

UniqueFd connect_tcp(uint16_t port) {
  return connected(tcp_socket(), port);
}

UniqueFd connect_tcp_without_buffer(uint16_t port) {
  UniqueFd fd = tcp_socket();
  const int bytes = 1;  // the kernel's least; it counts from the connection's start only
  demand(setsockopt(fd.get(), SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes)) == 0, "SO_RCVBUF");
  return connected(std::move(fd), port);
}

bool send_all(const UniqueFd& socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
  return true;
}

bool receive_some(const UniqueFd& socket, std::string& buffer) {
  setsockopt(socket.get(), SOL_SOCKET, SO_RCVTIMEO, &kPatience, sizeof(kPatience));
  std::array<char, 16384> piece;
  const ssize_t got = recv(socket.get(), piece.data(), piece.size(), 0);
  if (got <= 0) return false;
  buffer.append(piece.data(), static_cast<size_t>(got));
  return true;
}

void send_reset(const UniqueFd& socket) {
  sockaddr nowhere{};
  nowhere.sa_family = AF_UNSPEC;
  demand(connect(socket.get(), &nowhere, sizeof(nowhere)) == 0, "reset");
}

uint16_t closed_port() {
  return port_of(listen_tcp());
}

}  // namespace selfheal
