#include "exporter/probes/net/tcp_connect.h"

#include <cerrno>
#include <utility>

#include <sys/socket.h>

#include "exporter/probes/net/socket_address.h"

namespace selfheal {

int begin_connect(const TcpConnect& wanted, UniqueFd& fd) {
  const auto address = socket_address(wanted.endpoint);
  if (!address) return EADDRNOTAVAIL;
  fd = UniqueFd(socket(address->family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (fd.get() < 0) return errno;
  const linger reset{1, 0};
  setsockopt(fd.get(), SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
  if (!wanted.source.empty()) {
    const int failed = bind_to_source(fd.get(), wanted.source);
    if (failed != 0) return failed;
  }
  if (connect(fd.get(), address->get(), address->size) == 0 || errno == EINPROGRESS) return 0;
  return errno;
}

int pending_error(int fd) {
  int error = 0;
  socklen_t size = sizeof(error);
  return getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
}

TcpConnector::~TcpConnector() {
  while (!attempts_.empty()) take(attempts_.begin()->first);
}

TcpConnector::Id TcpConnector::start(const TcpConnect& wanted, Milliseconds timeout,
                                     Callback callback) {
  const Id id = next_id_++;
  Attempt& attempt = attempts_[id];
  attempt.callback = std::move(callback);
  const int failed = begin_connect(wanted, attempt.socket);
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
  if (attempts_.contains(id)) take(id);
}

void TcpConnector::end(Id id, int os_error) {
  if (!attempts_.contains(id)) return;
  Attempt attempt = take(id);
  if (os_error != 0) attempt.socket.reset();
  attempt.callback(os_error, std::move(attempt.socket));
}

TcpConnector::Attempt TcpConnector::take(Id id) {
  auto taken = attempts_.extract(id);
  Attempt& attempt = taken.mapped();
  loop_.cancel(attempt.deadline);
  if (attempt.socket.get() >= 0) loop_.unwatch(attempt.socket.get());
  return std::move(attempt);
}

bool is_our_own_lack(int os_error) {
  return os_error == EMFILE || os_error == ENFILE || os_error == ENOBUFS || os_error == ENOMEM;
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
