// A web site for probes: a fixed response for each path, and what it was asked.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/stub_server.h"

namespace selfheal {

class HttpSite {
 public:
  using Pages = std::map<std::string, std::string>;  // target to response; "*": any other

  // With a context it speaks TLS.
  explicit HttpSite(Pages pages, std::shared_ptr<SSL_CTX> tls = nullptr)
      : pages_(std::move(pages)),
        tls_(std::move(tls)),
        server_([this](StubConnection& connection) { serve(connection); }) {}
  explicit HttpSite(std::string response) : HttpSite(Pages{{"*", std::move(response)}}) {}

  uint16_t port() const { return server_.port(); }
  std::string url(const std::string& path = "/", const std::string& host = "127.0.0.1") const {
    return (tls_ ? "https://" : "http://") + host + ":" + std::to_string(port()) + path;
  }
  void set(const std::string& path, std::string response) {
    const std::lock_guard lock(mutex_);
    pages_[path] = std::move(response);
  }
  int connections() const { return server_.connections(); }
  std::vector<HttpText> requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }
  HttpText last_request() const {
    const std::lock_guard lock(mutex_);
    return requests_.empty() ? HttpText{} : requests_.back();
  }

 private:
  void serve(StubConnection& connection) {
    if (tls_ && !connection.start_tls(tls_.get())) return;
    while (const auto request = connection.read_request()) {
      if (!connection.send(answer(*request))) return;
    }
  }
  std::string answer(const HttpText& request) {
    const std::lock_guard lock(mutex_);
    requests_.push_back(request);
    auto page = pages_.find(request.target());
    if (page == pages_.end()) page = pages_.find("*");
    return page == pages_.end() ? http_response(404, "") : page->second;
  }

  mutable std::mutex mutex_;
  Pages pages_;
  std::vector<HttpText> requests_;
  const std::shared_ptr<SSL_CTX> tls_;
  StubServer server_;  // the last: its threads use the rest
};

inline std::string redirect_to(const std::string& location, int status = 302) {
  return http_response(status, "", "Location: " + location + "\r\n");
}

}  // namespace selfheal
