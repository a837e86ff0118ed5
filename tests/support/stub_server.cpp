#include "tests/support/stub_server.h"

#include <array>
#include <csignal>

#include <sys/socket.h>

namespace selfheal {

StubConnection::~StubConnection() {
  SSL_free(ssl_);
}

bool StubConnection::start_tls(SSL_CTX* context) {
  ssl_ = SSL_new(context);
  SSL_set_fd(ssl_, fd_.get());
  return SSL_accept(ssl_) == 1;
}

bool StubConnection::send(std::string_view bytes) {
  if (ssl_ == nullptr) return send_all(fd_, bytes);
  return bytes.empty() || SSL_write(ssl_, bytes.data(), static_cast<int>(bytes.size())) > 0;
}

bool StubConnection::receive(std::string& buffer) {
  if (ssl_ == nullptr) return receive_some(fd_, buffer);
  std::array<char, 16384> piece;
  const int got = SSL_read(ssl_, piece.data(), static_cast<int>(piece.size()));
  if (got <= 0) return false;
  buffer.append(piece.data(), static_cast<size_t>(got));
  return true;
}

std::optional<HttpText> StubConnection::read_request() {
  return read_http_text(buffer_, [this] { return receive(buffer_); });
}

void StubConnection::wait_until_closed() {
  while (receive(buffer_)) {
  }
}

StubServer::StubServer(Script script) : StubServer(std::move(script), listen_tcp()) {}

StubServer::StubServer(Script script, const std::string& unix_socket_path)
    : StubServer(std::move(script), listen_unix(unix_socket_path)) {}

StubServer::StubServer(Script script, UniqueFd listening)
    : script_(std::move(script)), listening_(std::move(listening)) {
  // OpenSSL writes without MSG_NOSIGNAL.
  std::signal(SIGPIPE, SIG_IGN);
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
  return "http://127.0.0.1:" + std::to_string(port()) + path;
}

uint16_t StubServer::port() const {
  return port_of(listening_);
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
