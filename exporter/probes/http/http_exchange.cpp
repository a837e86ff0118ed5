#include "exporter/probes/http/http_exchange.h"

#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include <sys/socket.h>

#include "common/http/curl_failure.h"

namespace selfheal {
namespace {

// libcurl takes "Name;" for a header without a value, and "Name:" for none.
std::string header_line(const std::string& name, const std::string& value) {
  return value.empty() ? name + ";" : name + ": " + value;
}

long version_option(ExchangeRequest::Version version) {
  switch (version) {
    case ExchangeRequest::Version::http1:
      return CURL_HTTP_VERSION_1_1;
    case ExchangeRequest::Version::http2_by_alpn:
      return CURL_HTTP_VERSION_2TLS;
    case ExchangeRequest::Version::http2:
      return CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE;
  }
  return CURL_HTTP_VERSION_1_1;
}

}  // namespace

HttpExchange::HttpExchange(CurlMulti& multi, Listener& listener)
    : multi_(multi), listener_(listener), handle_(multi.take()) {}

HttpExchange::~HttpExchange() {
  if (running_) multi_.stop(handle_);
  multi_.give_back(handle_);
}

void HttpExchange::start(ExchangeRequest request) {
  running_ = true;
  if (std::exchange(used_, true)) curl_easy_reset(handle_);  // but for its cookies
  for (CurlList* list : {&header_list_, &proxy_header_list_, &connect_to_list_}) list->clear();
  request_ = std::move(request);
  capture_.reset();
  reader_ = {};
  enough_ = tcp_connected_ = false;
  no_socket_ = 0;
  error_text_[0] = '\0';
  set_options();
  set_request();
  set_headers();
  if (request_.tls != nullptr) set_tls();
  if (!request_.proxy.empty()) set_proxy();
  multi_.start(handle_, *this);
}

void HttpExchange::set_options() {
  const auto set = [this](CURLoption option, auto value) {
    curl_easy_setopt(handle_, option, value);
  };
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_PROXY, request_.proxy.c_str());  // empty: not the environment's either
  set(CURLOPT_DNS_CACHE_TIMEOUT, 0L);          // else every transfer walks the cache
  set(CURLOPT_TIMEOUT_MS, static_cast<long>(request_.timeout.count()));
  set(CURLOPT_ERRORBUFFER, error_text_.data());
  set(CURLOPT_WRITEFUNCTION, &HttpExchange::on_body);
  set(CURLOPT_WRITEDATA, this);
  set(CURLOPT_HEADERFUNCTION, &HttpExchange::on_header);
  set(CURLOPT_HEADERDATA, this);
  set(CURLOPT_FRESH_CONNECT, 1L);
  set(CURLOPT_FORBID_REUSE, 1L);
  set(CURLOPT_OPENSOCKETFUNCTION, &HttpExchange::open_socket);
  set(CURLOPT_OPENSOCKETDATA, this);
  set(CURLOPT_CLOSESOCKETFUNCTION, &close_with_reset);
  set(CURLOPT_HTTP_VERSION, version_option(request_.version));
  // A comment turns cookies on. CURLOPT_COOKIEFILE would by a list that curl_easy_reset() leaks.
  if (request_.cookies == ExchangeRequest::Cookies::kept) set(CURLOPT_COOKIELIST, "#");
  if (request_.piece_bytes > 0) set(CURLOPT_BUFFERSIZE, request_.piece_bytes);
}

void HttpExchange::set_request() {
  const auto set = [this](CURLoption option, auto value) {
    curl_easy_setopt(handle_, option, value);
  };
  set(CURLOPT_URL, request_.url.c_str());
  set(CURLOPT_PATH_AS_IS, 1L);
  if (!request_.connect_to.empty()) {
    connect_to_list_.add("::" + request_.connect_to);
    set(CURLOPT_CONNECT_TO, connect_to_list_.get());
  }
  if (request_.method == "HEAD") {
    set(CURLOPT_NOBODY, 1L);
  } else if (request_.body != nullptr || request_.method == "POST" || request_.method == "PUT" ||
             request_.method == "PATCH") {
    static const std::string nothing;
    const std::string& body = request_.body != nullptr ? *request_.body : nothing;
    set(CURLOPT_CUSTOMREQUEST, request_.method.c_str());
    set(CURLOPT_POSTFIELDS, body.data());
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
  } else if (request_.method != "GET") {
    set(CURLOPT_CUSTOMREQUEST, request_.method.c_str());
  } else if (request_.tls == nullptr) {
    set(CURLOPT_TCP_NODELAY, 0L);  // one segment; spares a system call
  }
}

void HttpExchange::set_headers() {
  // What libcurl would add by itself and Go does not. A header of ours of that name still counts:
  // libcurl looks for the first of a name, and these come last.
  static constexpr std::array<const char*, 3> kNotOurs{"Accept:", "Content-Type:", "Expect:"};
  for (const auto& [name, value] : request_.headers) header_list_.add(header_line(name, value));
  for (const char* line : kNotOurs) {
    const std::string_view name(line, std::strlen(line) - 1);
    bool ours = false;
    for (const auto& header : request_.headers) ours = ours || same_header_name(header.first, name);
    const bool of_bodies = name != "Accept";
    if (!ours && (!of_bodies || request_.method != "GET" || request_.body != nullptr))
      header_list_.add(line);
  }
  if (request_.version != ExchangeRequest::Version::http2) header_list_.add("Connection: close");
  curl_easy_setopt(handle_, CURLOPT_HTTPHEADER, header_list_.get());
}

void HttpExchange::set_tls() {
  const auto set = [this](CURLoption option, auto value) {
    curl_easy_setopt(handle_, option, value);
  };
  capture_.emplace(*request_.tls, request_.server_name, request_.tracing);
  // The client and its capture do all of it (tls_contexts.h).
  const char* nothing = nullptr;
  set(CURLOPT_CAINFO, nothing);
  set(CURLOPT_CAPATH, nothing);
  set(CURLOPT_SSL_VERIFYHOST, 0L);
  set(CURLOPT_SSL_SESSIONID_CACHE, 0L);
  // Else libcurl would keep the authorities of the first probe, and trust them in all others.
  set(CURLOPT_CA_CACHE_TIMEOUT, 0L);
  set(CURLOPT_SSL_CTX_FUNCTION, &HttpExchange::on_tls_context);
  set(CURLOPT_SSL_CTX_DATA, this);
}

void HttpExchange::set_proxy() {
  const auto set = [this](CURLoption option, auto value) {
    curl_easy_setopt(handle_, option, value);
  };
  set(CURLOPT_NOPROXY, request_.no_proxy.c_str());
  // What is excepted after all libcurl looks up itself, by a thread that it would wait for.
  set(CURLOPT_QUICK_EXIT, 1L);
  set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  set(CURLOPT_HEADEROPT, static_cast<long>(CURLHEADER_SEPARATE));
  for (const auto& [name, value] : request_.proxy_headers)
    proxy_header_list_.add(header_line(name, value));
  set(CURLOPT_PROXYHEADER, proxy_header_list_.get());
}

// As libcurl would, which does not tell why there is none.
curl_socket_t HttpExchange::open_socket(void* self, curlsocktype, curl_sockaddr* address) {
  const int fd = socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
  if (fd < 0) static_cast<HttpExchange*>(self)->no_socket_ = errno;
  return fd < 0 ? CURL_SOCKET_BAD : fd;
}

CURLcode HttpExchange::on_tls_context(CURL*, void* context, void* self) {
  auto& exchange = *static_cast<HttpExchange*>(self);
  exchange.tcp_connected_ = true;
  exchange.request_.tls->configure(static_cast<SSL_CTX*>(context));
  TlsCapture::install(static_cast<SSL_CTX*>(context), &*exchange.capture_);
  return CURLE_OK;
}

size_t HttpExchange::on_header(char* data, size_t size, size_t count, void* self) {
  auto& exchange = *static_cast<HttpExchange*>(self);
  const std::string_view line(data, size * count);
  switch (exchange.reader_.take(line)) {
    case HeadReader::Progress::reading:
      return line.size();
    case HeadReader::Progress::complete:
      exchange.enough_ = exchange.listener_.on_head(exchange.head()) == Next::enough;
      return exchange.enough_ ? 0 : line.size();
    case HeadReader::Progress::too_long:
      break;
  }
  return 0;
}

size_t HttpExchange::on_body(char* data, size_t size, size_t count, void* self) {
  auto& exchange = *static_cast<HttpExchange*>(self);
  const std::string_view piece(data, size * count);
  exchange.enough_ = exchange.listener_.on_body(piece) == Next::enough;
  return exchange.enough_ ? 0 : piece.size();
}

void HttpExchange::on_done(CURLcode code) {
  running_ = false;
  if (code == CURLE_OK || enough_)
    listener_.on_end(std::nullopt);
  else
    listener_.on_end(failure(code));
}

HttpFailure HttpExchange::failure(CURLcode code) const {
  HttpFailure failure = curl_failure(handle_, code, error_text_.data());
  failure.connected = failure.connected || tcp_connected_;
  // libcurl goes on with the URL, which may have a password in it.
  if (std::string_view(error_text_.data()).starts_with("Unsupported proxy"))
    failure.message = "the URL of the proxy is none that can be used";
  if (no_socket_ != 0) {
    failure.os_error = no_socket_;
    failure.message = "can't connect: " + std::generic_category().message(no_socket_);
  }
  if (reader_.too_long()) {
    failure.kind = HttpFailureKind::protocol;
    failure.message = "the response's headers are longer than 256 KB";
  }
  if (capture_ && !capture_->fault().empty()) {
    failure.kind = HttpFailureKind::tls;
    failure.message = capture_->fault();
  }
  return failure;
}

double HttpExchange::http_version() const {
  long version = 0;
  curl_easy_getinfo(handle_, CURLINFO_HTTP_VERSION, &version);
  switch (version) {
    case CURL_HTTP_VERSION_1_0:
      return 1.0;
    case CURL_HTTP_VERSION_1_1:
      return 1.1;
    case CURL_HTTP_VERSION_2_0:
      return 2;
    default:
      return 0;
  }
}

int64_t HttpExchange::content_length() const {
  curl_off_t length = -1;
  curl_easy_getinfo(handle_, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
  return length;
}

ExchangeTimes HttpExchange::times() const {
  const auto seconds = [this](CURLINFO info) {
    curl_off_t us = 0;
    curl_easy_getinfo(handle_, info, &us);
    return TraceSeconds(static_cast<double>(us) * 1e-6);
  };
  return {seconds(CURLINFO_CONNECT_TIME_T), seconds(CURLINFO_APPCONNECT_TIME_T),
          seconds(CURLINFO_PRETRANSFER_TIME_T), seconds(CURLINFO_STARTTRANSFER_TIME_T),
          seconds(CURLINFO_TOTAL_TIME_T)};
}

bool HttpExchange::tls_established() const {
  curl_off_t us = 0;
  return curl_easy_getinfo(handle_, CURLINFO_APPCONNECT_TIME_T, &us) == CURLE_OK && us > 0;
}

ProbeReason reason_of(HttpFailureKind kind) {
  switch (kind) {
    case HttpFailureKind::timeout:
      return ProbeReason::timeout;
    case HttpFailureKind::refused:
      return ProbeReason::refused;
    case HttpFailureKind::reset:
      return ProbeReason::reset;
    case HttpFailureKind::dns:
      return ProbeReason::dns;
    case HttpFailureKind::tls:
      return ProbeReason::tls;
    case HttpFailureKind::unreachable:
      return ProbeReason::unreachable;
    case HttpFailureKind::too_large:
      return ProbeReason::body;
    case HttpFailureKind::protocol:
    case HttpFailureKind::aborted:
      break;
  }
  return ProbeReason::protocol;
}

}  // namespace selfheal
