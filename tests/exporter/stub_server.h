// A TCP server on loopback that answers every connection with the same bytes, or not at all.
#pragma once

#include <atomic>
#include <cstring>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "common/base/unique_fd.h"

namespace selfheal {

class StubServer {
 public:
  enum class Mode { answer, hang, reset };

  explicit StubServer(std::string answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
      : answer_(std::move(answer)), listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    socklen_t size = sizeof(address);
    if (bind(listener_.get(), generic, size) != 0 || listen(listener_.get(), 64) != 0 ||
        getsockname(listener_.get(), generic, &size) != 0)
      std::abort();
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  ~StubServer() {
    shutdown(listener_.get(), SHUT_RDWR);
    thread_.join();
  }

  int port() const { return port_; }
  int connections() const { return connections_; }
  std::string last_request() {
    const std::lock_guard lock(mutex_);
    return last_request_;
  }
  void set_answer(std::string answer) {
    const std::lock_guard lock(mutex_);
    answer_ = std::move(answer);
  }
  void set_mode(Mode mode) { mode_ = mode; }

  // A port on loopback where nothing listens.
  static int refused_port() {
    const StubServer gone;
    return gone.port();
  }

 private:
  void serve() {
    std::vector<UniqueFd> hanging;
    for (;;) {
      UniqueFd client(accept(listener_.get(), nullptr, nullptr));
      if (client.get() < 0) return;
      ++connections_;
      char request[4096];
      const ssize_t size = recv(client.get(), request, sizeof(request), 0);
      const std::lock_guard lock(mutex_);
      if (size > 0) last_request_.assign(request, static_cast<size_t>(size));
      if (mode_ == Mode::hang) {
        hanging.push_back(std::move(client));
      } else if (mode_ == Mode::reset) {
        const linger at_once{1, 0};
        setsockopt(client.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
      } else if (size > 0) {
        send(client.get(), answer_.data(), answer_.size(), MSG_NOSIGNAL);
      }
    }
  }

  std::mutex mutex_;
  std::string answer_;
  std::string last_request_;
  std::atomic<Mode> mode_{Mode::answer};
  std::atomic<int> connections_{0};
  UniqueFd listener_;
  int port_ = 0;
  std::thread thread_;
};

}  // namespace selfheal
