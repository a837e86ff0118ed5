#include "tests/crash/docker_gate/unix_stream.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>

#include <sys/socket.h>
#include <sys/un.h>

namespace selfheal {
namespace {

[[noreturn]] void fail(const std::string& what) {
  throw std::system_error(errno, std::generic_category(), what);
}

UniqueFd make_socket() {
  UniqueFd made(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!made) fail("socket");
  return made;
}

sockaddr_un address_of(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof(address.sun_path)) {
    errno = ENAMETOOLONG;
    fail(path);
  }
  std::memcpy(address.sun_path, path.c_str(), path.size());
  return address;
}

}  // namespace

UniqueFd listen_at(const std::string& path) {
  UniqueFd listener = make_socket();
  const sockaddr_un address = address_of(path);
  unlink(path.c_str());
  if (bind(listener.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0 ||
      listen(listener.get(), SOMAXCONN) != 0)
    fail(path);
  return listener;
}

UniqueFd connect_to(const std::string& path) {
  UniqueFd stream = make_socket();
  const sockaddr_un address = address_of(path);
  if (connect(stream.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0)
    fail(path);
  return stream;
}

std::string read_piece(int socket) {
  std::array<char, 16384> piece;
  ssize_t got = 0;
  do {
    got = read(socket, piece.data(), piece.size());
  } while (got < 0 && errno == EINTR);
  return got <= 0 ? std::string() : std::string(piece.data(), static_cast<size_t>(got));
}

bool write_all(int socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) return false;
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
  return true;
}

void await_hang_up(int socket) {
  while (!read_piece(socket).empty()) {
  }
}

}  // namespace selfheal
