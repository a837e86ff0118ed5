#include "tests/support/stub_server.h"

#include <sys/socket.h>

namespace selfheal {

std::optional<HttpText> StubConnection::read_request() {
  return read_http_text(buffer_, [this] { return receive_some(fd_, buffer_); });
}

void StubConnection::wait_until_closed() {
  while (receive_some(fd_, buffer_)) {
  }
}

StubServer::StubServer(Script script) : StubServer(std::move(script), listen_tcp()) {}

StubServer::StubServer(Script script, const std::string& unix_socket_path)
    : StubServer(std::move(script), listen_unix(unix_socket_path)) {}

StubServer::StubServer(Script script, UniqueFd listening)
    : script_(std::move(script)), listening_(std::move(listening)) {
  acceptor_ = std::thread([this] { accept_all(); });
}

StubServer::~StubServer() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    shutdown(listening_.get(), SHUT_RDWR);
    for (const StubConnection& connection : connections_)
      if (connection.fd()) shutdown(connection.fd().get(), SHUT_RDWR);
  }
  acceptor_.join();
  for (std::thread& thread : threads_) thread.join();
}

void StubServer::accept_all() {
  for (;;) {
    UniqueFd fd(accept4(listening_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    const std::lock_guard lock(mutex_);
    if (!fd || stopping_) return;
    ++accepted_;
    StubConnection& connection = connections_.emplace_back(std::move(fd));
    threads_.emplace_back([this, &connection] { serve(connection); });
  }
}

void StubServer::serve(StubConnection& connection) {
  script_(connection);
  // The descriptor stays owned until the server ends, so that its number can't be taken by another
  // connection while ~StubServer shuts this one down.
  const std::lock_guard lock(mutex_);
  if (connection.fd()) shutdown(connection.fd().get(), SHUT_RDWR);
}

std::string StubServer::url(const std::string& path) const {
  return "http://127.0.0.1:" + std::to_string(port_of(listening_)) + path;
}

int StubServer::connections() const {
  const std::lock_guard lock(mutex_);
  return accepted_;
}

std::string http_response(int status, const std::string& body, const std::string& headers) {
  return "HTTP/1.1 " + std::to_string(status) +
         " X\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + headers + "\r\n" + body;
}

StubServer::Script answer_always(std::string response) {
  return [response = std::move(response)](StubConnection& connection) {
    while (connection.read_request()) connection.send(response);
  };
}

}  // namespace selfheal
