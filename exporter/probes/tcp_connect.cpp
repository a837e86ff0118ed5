#include "exporter/probes/tcp_connect.h"

#include <cerrno>
#include <optional>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace selfheal {
namespace {

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t size = 0;
};

std::optional<SocketAddress> socket_address(const Endpoint& endpoint) {
  SocketAddress address;
  const auto port = htons(static_cast<uint16_t>(endpoint.port));
  auto* v4 = reinterpret_cast<sockaddr_in*>(&address.storage);
  auto* v6 = reinterpret_cast<sockaddr_in6*>(&address.storage);
  if (inet_pton(AF_INET, endpoint.address.c_str(), &v4->sin_addr) == 1) {
    v4->sin_family = AF_INET;
    v4->sin_port = port;
    address.size = sizeof(sockaddr_in);
  } else if (inet_pton(AF_INET6, endpoint.address.c_str(), &v6->sin6_addr) == 1) {
    v6->sin6_family = AF_INET6;
    v6->sin6_port = port;
    address.size = sizeof(sockaddr_in6);
  } else {
    return std::nullopt;
  }
  return address;
}

// Begins to connect; the errno if that failed at once.
int begin_connect(const Endpoint& endpoint, UniqueFd& fd) {
  const auto address = socket_address(endpoint);
  if (!address) return EADDRNOTAVAIL;
  fd = UniqueFd(socket(address->storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (fd.get() < 0) return errno;
  const auto* generic = reinterpret_cast<const sockaddr*>(&address->storage);
  if (connect(fd.get(), generic, address->size) == 0 || errno == EINPROGRESS) return 0;
  return errno;
}

int pending_error(int fd) {
  int error = 0;
  socklen_t size = sizeof(error);
  return getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
}

}  // namespace

TcpConnector::~TcpConnector() {
  while (!attempts_.empty()) close(attempts_.begin()->first);
}

TcpConnector::Id TcpConnector::start(const Endpoint& endpoint, Milliseconds timeout,
                                     Callback callback) {
  const Id id = next_id_++;
  Attempt& attempt = attempts_[id];
  attempt.callback = std::move(callback);
  const int failed = begin_connect(endpoint, attempt.socket);
  if (failed != 0) {
    attempt.deadline = loop_.at(loop_.now(), [this, id, failed] { end(id, failed); });
    return id;
  }
  attempt.deadline = loop_.after(timeout, [this, id] { end(id, ETIMEDOUT); });
  const int fd = attempt.socket.get();
  loop_.watch(fd, EPOLLOUT, [this, id, fd](uint32_t) { end(id, pending_error(fd)); });
  return id;
}

void TcpConnector::cancel(Id id) {
  if (attempts_.contains(id)) close(id);
}

void TcpConnector::end(Id id, int os_error) {
  if (!attempts_.contains(id)) return;
  close(id)(os_error);
}

TcpConnector::Callback TcpConnector::close(Id id) {
  auto taken = attempts_.extract(id);
  Attempt& attempt = taken.mapped();
  loop_.cancel(attempt.deadline);
  if (attempt.socket.get() >= 0) {
    loop_.unwatch(attempt.socket.get());
    const linger reset{1, 0};
    setsockopt(attempt.socket.get(), SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
  }
  return std::move(attempt.callback);
}

ProbeReason reason_of_connect_error(int os_error) {
  switch (os_error) {
    case ECONNREFUSED:
      return ProbeReason::refused;
    case ECONNRESET:
      return ProbeReason::reset;
    case ETIMEDOUT:
      return ProbeReason::timeout;
    default:
      return ProbeReason::unreachable;
  }
}

}  // namespace selfheal
