#include "common/http/http_server.h"

#include <algorithm>
#include <array>
#include <condition_variable>
#include <mutex>
#include <utility>

#include <civetweb.h>
#include <openssl/ssl.h>

#include "common/base/log.h"
#include "common/http/civetweb/connection_socket.h"
#include "common/http/civetweb_reply.h"
#include "common/http/civetweb_request.h"
#include "common/http/connection_watch.h"
#include "common/http/dispatch.h"
#include "common/http/own_address.h"
#include "common/http/web_gate.h"

namespace selfheal {
namespace {

using Phase = ConnectionWatch::Phase;

// Headers of a request, and as much memory of each worker that has been used.
constexpr const char* kMostHeaderBytes = "16384";
// Connections that wait for a worker, and for that in the kernel: where that is full a peer tries
// again after a second at the earliest.
constexpr const char* kConnectionQueue = "256";
constexpr const char* kListenBacklog = "1024";

// "host:port" in civetweb's words: ":80" is every address of both families, "s" is TLS.
std::string civetweb_port(const std::string& address, bool tls) {
  const std::string port =
      !address.empty() && address.front() == ':' ? "+" + address.substr(1) : address;
  return tls ? port + "s" : port;
}

}  // namespace

class HttpServer::Impl {
 public:
  Impl(HttpServerOptions options, const Clock& clock)
      : options_(std::move(options)),
        clock_(clock),
        watch_({.workers = options_.workers + options_.waiting_handlers,
                .spare = std::min(kSpareWebWorkers, options_.workers / 2),
                .request = options_.request_timeout,
                .reply = options_.reply_timeout},
               clock) {
    static const unsigned initialised = mg_init_library(0);
    (void)initialised;
  }

  Routes& routes() { return routes_; }

  Outcome<> start() {
    if (const Outcome<> known = find_addresses(); !known) return known.error();
    const std::string ports = listening_ports();
    const std::string threads = std::to_string(options_.workers + options_.waiting_handlers);
    const std::string timeout = std::to_string(options_.request_timeout.count());
    const std::array<const char*, 27> settings{"listening_ports",
                                               ports.c_str(),
                                               "num_threads",
                                               threads.c_str(),
                                               "request_timeout_ms",
                                               timeout.c_str(),
                                               "keep_alive_timeout_ms",
                                               timeout.c_str(),
                                               "enable_keep_alive",
                                               "yes",
                                               "max_request_size",
                                               kMostHeaderBytes,
                                               "connection_queue",
                                               kConnectionQueue,
                                               "listen_backlog",
                                               kListenBacklog,
                                               "tcp_nodelay",
                                               "1",
                                               "decode_url",
                                               "yes",
                                               "access_control_allow_origin",
                                               "",
                                               "access_control_allow_methods",
                                               "",
                                               "access_control_allow_headers",
                                               "",
                                               nullptr};
    mg_callbacks callbacks = own_callbacks();
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
    std::vector<std::string> all;
    for (const uint16_t port : ports()) {
      const size_t i = std::min(all.size(), listen_addresses_.size() - 1);
      const std::string& asked = listen_addresses_[i];
      all.push_back(asked.substr(0, asked.rfind(':')) + ":" + std::to_string(port));
    }
    return all;
  }

  std::vector<uint16_t> ports() const {
    std::array<mg_server_port, 32> found{};
    const int count = mg_get_server_ports(context_, found.size(), found.data());
    std::vector<uint16_t> all;
    for (int i = 0; i < count; ++i)
      all.push_back(static_cast<uint16_t>(found[static_cast<size_t>(i)].port));
    return all;
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
  SSL_CTX* tls_context() const {
    return options_.gate == nullptr ? nullptr : options_.gate->tls_context();
  }

  Outcome<> find_addresses() {
    listen_addresses_.clear();
    for (const std::string& asked : options_.listen_addresses) {
      Result<std::string> own = with_own_address(asked);
      if (!own) return Error{"can't listen on " + asked + ": " + own.error().message};
      listen_addresses_.push_back(*std::move(own));
    }
    return Done{};
  }

  std::string listening_ports() const {
    std::string ports;
    for (const std::string& address : listen_addresses_)
      ports += (ports.empty() ? "" : ",") + civetweb_port(address, tls_context() != nullptr);
    return ports;
  }

  mg_callbacks own_callbacks() {
    mg_callbacks callbacks{};
    callbacks.log_message = &Impl::on_library_log;
    callbacks.begin_request = &Impl::on_request;
    callbacks.init_connection = &Impl::on_connection;
    callbacks.connection_close = &Impl::on_close;
    if (SSL_CTX* context = tls_context(); context != nullptr) {
      SSL_CTX_set_info_callback(context, &Impl::on_handshake);
      callbacks.external_ssl_ctx = &Impl::on_tls_context;
    }
    return callbacks;
  }

  int answer(mg_connection* connection) {
    CivetwebRequest request(connection, watch_, clock_);
    ServerResponse response =
        request.has_too_many_headers()
            ? refusal(431, "more than " + std::to_string(kMostHeaders) + " headers")
            : dispatch(routes_, options_.gate.get(), request);
    if (request.has_unread_body() || watch_.crowded()) response.close_connection = true;
    send_reply(connection, watch_, response, request.method());
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

  // civetweb asks when it starts and when it stops: the context is not its own.
  static int on_tls_context(void** context, void* user_data) {
    *context = static_cast<Impl*>(user_data)->tls_context();
    return 1;
  }

  // Before the first byte has come.
  static void on_handshake(const SSL* ssl, int where, int) {
    if ((where & SSL_CB_HANDSHAKE_START) == 0) return;
    const auto* connection = static_cast<const mg_connection*>(SSL_get_app_data(ssl));
    of(connection).watch_.enter(connection, SSL_get_fd(ssl), Phase::handshake);
  }

  static int on_connection(const mg_connection* connection, void**) {
    of(connection).watch_.enter(connection, selfheal_connection_socket(connection), Phase::request);
    return 0;
  }

  static void on_close(const mg_connection* connection) { of(connection).watch_.leave(connection); }

  static int on_request(mg_connection* connection) {
    Impl& impl = of(connection);
    impl.watch_.move(connection, Phase::handling);
    bool draining = false;
    {
      const std::lock_guard lock(impl.mutex_);
      draining = impl.draining_;
      ++impl.under_way_;
    }
    int status = 503;
    if (draining)
      send_reply(connection, impl.watch_, refusal(status, "stopping"), "GET");
    else
      status = impl.answer(connection);
    impl.watch_.move(connection, Phase::request);
    const std::lock_guard lock(impl.mutex_);
    if (--impl.under_way_ == 0) impl.idle_.notify_all();
    return status;
  }

  const HttpServerOptions options_;
  std::vector<std::string> listen_addresses_;  // of the options, with this machine's own in them
  const Clock& clock_;
  Routes routes_;
  ConnectionWatch watch_;
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

const Routes& HttpServer::table() const {
  return impl_->routes();
}

void HttpServer::route(std::string method, std::string path, Handler handler, Access access) {
  impl_->routes().add(std::move(method), std::move(path), {std::move(handler), access});
}

bool HttpServer::has_route(const std::string& method, const std::string& path) const {
  return impl_->routes().find(method, path) != nullptr;
}

std::vector<std::pair<std::string, std::string>> HttpServer::routes() const {
  return impl_->routes().all();
}

Outcome<> HttpServer::start() {
  return impl_->start();
}
std::vector<std::string> HttpServer::addresses() const {
  return impl_->addresses();
}
uint16_t HttpServer::port() const {
  const std::vector<uint16_t> ports = impl_->ports();
  return ports.empty() ? 0 : ports.front();
}
void HttpServer::drain_and_stop(Milliseconds patience) {
  impl_->drain_and_stop(patience);
}

}  // namespace selfheal
