#include "common/http/http_server.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <condition_variable>
#include <cstring>
#include <mutex>

#include <civetweb.h>

#include "common/base/log.h"

namespace selfheal {
namespace {

std::string to_text(const char* text) {
  return text == nullptr ? std::string() : text;
}

// "host:port" in civetweb's words: ":80" is every address of both families.
std::string civetweb_port(const std::string& address) {
  if (!address.empty() && address.front() == ':') return "+" + address.substr(1);
  return address;
}

void send_response(mg_connection* connection, const ServerResponse& response,
                   std::string_view method) {
  std::string head = "HTTP/1.1 " + std::to_string(response.status) + " " +
                     mg_get_response_code_text(connection, response.status) + "\r\n";
  head += "Content-Type: " + response.content_type + "\r\n";
  head += "Content-Length: " + std::to_string(response.body.size()) + "\r\n";
  head += "X-Content-Type-Options: nosniff\r\n";
  for (const auto& [name, value] : response.headers) head += name + ": " + value + "\r\n";
  if (response.close_connection) head += "Connection: close\r\n";
  head += "\r\n";
  if (method != "HEAD") head += response.body;  // one write: one packet for what is small
  mg_write(connection, head.data(), head.size());
}

ServerResponse plain(int status, std::string text) {
  ServerResponse response;
  response.status = status;
  response.body = std::move(text) + "\n";
  response.close_connection = true;
  return response;
}

}  // namespace

ServerRequest::ServerRequest(mg_connection* connection, const Clock& clock)
    : connection_(connection), clock_(clock) {
  const mg_request_info* info = mg_get_request_info(connection);
  method_ = to_text(info->request_method);
  path_ = to_text(info->local_uri);
}

std::string ServerRequest::query_string() const {
  return to_text(mg_get_request_info(connection_)->query_string);
}

std::string ServerRequest::query(std::string_view name) const {
  const char* text = mg_get_request_info(connection_)->query_string;
  if (text == nullptr) return "";
  std::string value(std::strlen(text) + 1, '\0');
  const int length =
      mg_get_var(text, std::strlen(text), std::string(name).c_str(), value.data(), value.size());
  value.resize(length < 0 ? 0 : static_cast<size_t>(length));
  return value;
}

std::string ServerRequest::header(std::string_view name) const {
  return to_text(mg_get_header(connection_, std::string(name).c_str()));
}

std::string ServerRequest::remote_address() const {
  return to_text(mg_get_request_info(connection_)->remote_addr);
}

Result<std::string, BodyFault> ServerRequest::read_body(size_t limit, Milliseconds timeout) {
  const long long announced = mg_get_request_info(connection_)->content_length;
  if (announced > 0 && static_cast<unsigned long long>(announced) > limit)
    return BodyFault::too_large;
  if (announced < 0 && header("Transfer-Encoding").empty()) return BodyFault::length_required;
  const SteadyTime deadline = clock_.steady_now() + timeout;
  std::string body;
  // mg_read returns when it has all it was asked for, or when nothing more came for the server's
  // request timeout. Small pieces bound what a trickle of single bytes can do between two looks at
  // the clock; what came along with the headers is copied, not received.
  std::array<char, 64> piece;
  for (;;) {
    const size_t wanted = std::min(piece.size(), limit + 1 - body.size());
    const int got = mg_read(connection_, piece.data(), wanted);
    if (got < 0) return BodyFault::closed;
    if (got == 0) break;
    body.append(piece.data(), static_cast<size_t>(got));
    if (body.size() > limit) return BodyFault::too_large;
    if (clock_.steady_now() > deadline) return BodyFault::too_slow;
    if (announced > 0 && body.size() >= static_cast<size_t>(announced)) break;
  }
  if (announced > 0 && body.size() < static_cast<size_t>(announced))
    return clock_.steady_now() > deadline ? BodyFault::too_slow : BodyFault::closed;
  body_consumed_ = true;
  return body;
}

class HttpServer::Impl {
 public:
  Impl(HttpServerOptions options, const Clock& clock)
      : options_(std::move(options)), clock_(clock) {
    static const unsigned initialised = mg_init_library(0);
    (void)initialised;
  }

  void route(std::string method, std::string path, Handler handler) {
    routes_[std::move(path)][std::move(method)] = std::move(handler);
  }

  Outcome<> start() {
    std::string ports;
    for (const std::string& address : options_.listen_addresses)
      ports += (ports.empty() ? "" : ",") + civetweb_port(address);
    const std::string threads = std::to_string(options_.threads);
    const std::string timeout = std::to_string(options_.request_timeout.count());
    const std::array<const char*, 23> settings{"listening_ports",
                                               ports.c_str(),
                                               "num_threads",
                                               threads.c_str(),
                                               "request_timeout_ms",
                                               timeout.c_str(),
                                               "enable_keep_alive",
                                               "yes",
                                               "keep_alive_timeout_ms",
                                               timeout.c_str(),
                                               "tcp_nodelay",
                                               "1",
                                               "access_control_allow_origin",
                                               "",
                                               "access_control_allow_methods",
                                               "",
                                               "access_control_allow_headers",
                                               "",
                                               "decode_url",
                                               "yes",
                                               "connection_queue",
                                               "256",
                                               nullptr};
    mg_callbacks callbacks{};
    callbacks.log_message = &Impl::on_library_log;
    callbacks.begin_request = &Impl::on_request;
    std::array<char, 512> text{};
    mg_init_data init{&callbacks, this, const_cast<const char**>(settings.data())};
    mg_error_data fault{};
    fault.text = text.data();
    fault.text_buffer_size = text.size();
    context_ = mg_start2(&init, &fault);
    if (context_ != nullptr) return Done{};
    const std::lock_guard lock(mutex_);
    return Error{"can't listen on " + ports + ": " +
                 (complaint_.empty() ? text.data() : complaint_)};
  }

  std::vector<std::string> addresses() const {
    std::array<mg_server_port, 32> ports{};
    const int count = mg_get_server_ports(context_, ports.size(), ports.data());
    std::vector<std::string> all;
    for (int i = 0; i < count; ++i) {
      const std::string& asked = options_.listen_addresses[std::min<size_t>(
          static_cast<size_t>(i), options_.listen_addresses.size() - 1)];
      all.push_back(asked.substr(0, asked.rfind(':')) + ":" +
                    std::to_string(ports[static_cast<size_t>(i)].port));
    }
    return all;
  }

  uint16_t port() const {
    std::array<mg_server_port, 32> ports{};
    const int count = mg_get_server_ports(context_, ports.size(), ports.data());
    return count > 0 ? static_cast<uint16_t>(ports[0].port) : 0;
  }

  void drain_and_stop(Milliseconds patience) {
    if (context_ == nullptr) return;
    {
      // mg_stop cuts replies that are under way.
      std::unique_lock lock(mutex_);
      draining_ = true;
      idle_.wait_for(lock, patience, [this] { return under_way_ == 0; });
    }
    mg_stop(context_);
    context_ = nullptr;
  }

 private:
  // The exact path first, else the longest "…/*" it stands below.
  const std::map<std::string, Handler>* find(const std::string& path) const {
    if (const auto exact = routes_.find(path); exact != routes_.end()) return &exact->second;
    const std::map<std::string, Handler>* best = nullptr;
    size_t longest = 0;
    for (const auto& [pattern, methods] : routes_) {
      if (pattern.back() != '*' || pattern.size() < longest) continue;
      const std::string_view stem(pattern.data(), pattern.size() - 1);
      if (std::string_view(path).substr(0, stem.size()) != stem) continue;
      best = &methods;
      longest = pattern.size();
    }
    return best;
  }

  ServerResponse dispatch(ServerRequest& request) const {
    const auto* methods = find(std::string(request.path()));
    if (methods == nullptr) return plain(404, "no such page");
    std::string method(request.method());
    if (method == "HEAD") method = "GET";
    const auto handler = methods->find(method);
    if (handler != methods->end()) return handler->second(request);
    ServerResponse refusal = plain(405, "this page does not take " + method);
    std::string allowed;
    for (const auto& [name, unused] : *methods) allowed += (allowed.empty() ? "" : ", ") + name;
    refusal.headers.emplace_back("Allow", allowed);
    return refusal;
  }

  int answer(mg_connection* connection) {
    ServerRequest request(connection, clock_);
    ServerResponse response = dispatch(request);
    const mg_request_info* info = mg_get_request_info(connection);
    const bool has_body =
        info->content_length > 0 || mg_get_header(connection, "Transfer-Encoding");
    if (has_body && !request.body_consumed()) response.close_connection = true;
    // Before the reply: else civetweb would read the rest of the body, without limit.
    if (response.close_connection) mg_disable_connection_keep_alive(connection);
    send_response(connection, response, request.method());
    return response.status;
  }

  static Impl& of(const mg_connection* connection) {
    return *static_cast<Impl*>(mg_get_user_data(mg_get_context(connection)));
  }

  // civetweb's own complaints. What is wrong with an address ("cannot bind to …") is told here and
  // nowhere else.
  static int on_library_log(const mg_connection* connection, const char* message) {
    log::debug("web server", {{"detail", message}});
    Impl& impl = of(connection);
    const std::lock_guard lock(impl.mutex_);
    if (impl.complaint_.empty()) impl.complaint_ = message;
    return 1;
  }

  static int on_request(mg_connection* connection) {
    Impl& impl = of(connection);
    {
      const std::lock_guard lock(impl.mutex_);
      if (impl.draining_) {
        mg_disable_connection_keep_alive(connection);
        send_response(connection, plain(503, "stopping"), "GET");
        return 503;
      }
      ++impl.under_way_;
    }
    const int status = impl.answer(connection);
    const std::lock_guard lock(impl.mutex_);
    if (--impl.under_way_ == 0) impl.idle_.notify_all();
    return status;
  }

  const HttpServerOptions options_;
  const Clock& clock_;
  std::map<std::string, std::map<std::string, Handler>> routes_;  // path, method
  mg_context* context_ = nullptr;
  std::mutex mutex_;
  std::condition_variable idle_;
  bool draining_ = false;
  int under_way_ = 0;
  std::string complaint_;  // the first: those after it only repeat that starting failed
};

HttpServer::HttpServer(HttpServerOptions options, const Clock& clock)
    : impl_(std::make_unique<Impl>(std::move(options), clock)) {}
HttpServer::~HttpServer() {
  drain_and_stop();
}

void HttpServer::route(std::string method, std::string path, Handler handler) {
  impl_->route(std::move(method), std::move(path), std::move(handler));
}

Outcome<> HttpServer::start() {
  return impl_->start();
}
std::vector<std::string> HttpServer::addresses() const {
  return impl_->addresses();
}
uint16_t HttpServer::port() const {
  return impl_->port();
}
void HttpServer::drain_and_stop(Milliseconds patience) {
  impl_->drain_and_stop(patience);
}

}  // namespace selfheal
