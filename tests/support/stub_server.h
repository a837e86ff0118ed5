// A server that does exactly what a test tells it to, right or wrong, byte by byte.
//
// The script runs once for each connection, on a thread of that connection; the connection is
// closed when it returns. Destroying the server ends every read and joins every script.
#pragma once

#include <functional>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <openssl/ssl.h>

#include "tests/support/http_text.h"
#include "tests/support/sockets.h"

namespace selfheal {

class StubConnection {
 public:
  explicit StubConnection(UniqueFd fd) : fd_(std::move(fd)) {}
  ~StubConnection();

  // Speaks TLS from here on, as the server with this context (test_certificates.h). False when the
  // handshake failed.
  bool start_tls(SSL_CTX* context);

  // The next request; nothing when the peer has gone or the server ends.
  std::optional<HttpText> read_request();
  // False when the peer is gone.
  bool send(std::string_view bytes);
  // Appends what has come to `buffer`; false as receive_some().
  bool receive(std::string& buffer);
  void reset() { send_reset(fd_); }
  // Until the peer closes or the server ends.
  void wait_until_closed();
  const UniqueFd& fd() const { return fd_; }

 private:
  UniqueFd fd_;
  SSL* ssl_ = nullptr;
  std::string buffer_;
};

class StubServer {
 public:
  using Script = std::function<void(StubConnection&)>;

  explicit StubServer(Script script);                              // on TCP
  StubServer(Script script, const std::string& unix_socket_path);  // on a unix socket
  ~StubServer();

  std::string url(const std::string& path = "/") const;
  uint16_t port() const;
  int connections() const;

 private:
  StubServer(Script script, UniqueFd listening);
  void accept_all();
  void serve(StubConnection& connection);

  const Script script_;
  UniqueFd listening_;
  mutable std::mutex mutex_;
  bool stopping_ = false;
  int accepted_ = 0;
  std::list<StubConnection> connections_;
  std::vector<std::thread> threads_;
  std::thread acceptor_;
};

// A response with a length and the connection kept.
std::string http_response(int status, const std::string& body, const std::string& headers = "");

// Answers every request of a connection with the same response.
StubServer::Script answer_always(std::string response);

}  // namespace selfheal
