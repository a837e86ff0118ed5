#include "common/http/curl_transfer.h"

#include <cerrno>
#include <new>

#include <strings.h>
#include <sys/socket.h>

namespace selfheal {
namespace {

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.back() == '\r' || text.back() == '\n' || text.back() == ' '))
    text.remove_suffix(1);
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  return text;
}

}  // namespace

CurlTransfer::CurlTransfer() : handle_(curl_easy_init()) {
  if (handle_ == nullptr) throw std::bad_alloc();
}

CurlTransfer::~CurlTransfer() {
  curl_slist_free_all(header_list_);
  curl_easy_cleanup(handle_);
}

CurlTransfer& CurlTransfer::from(CURL* handle) {
  char* self = nullptr;
  curl_easy_getinfo(handle, CURLINFO_PRIVATE, &self);
  return *reinterpret_cast<CurlTransfer*>(self);
}

void CurlTransfer::prepare(HttpRequest request, HttpClient::RequestId id,
                           HttpClient::Callback callback) {
  clear();
  curl_easy_reset(handle_);
  request_ = std::move(request);
  callback_ = std::move(callback);
  id_ = id;
  const auto set = [this](CURLoption option, auto value) {
    curl_easy_setopt(handle_, option, value);
  };
  set(CURLOPT_PRIVATE, this);
  set(CURLOPT_URL, request_.url.c_str());
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_PROXY, "");
  set(CURLOPT_DNS_CACHE_TIMEOUT, 0L);  // else every transfer walks the cache (cpp-findings)
  set(CURLOPT_TIMEOUT_MS, static_cast<long>(request_.timeout.count()));
  set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(request_.connect_timeout.count()));
  set(CURLOPT_ERRORBUFFER, error_text_.data());
  set(CURLOPT_WRITEFUNCTION, &CurlTransfer::on_body);
  set(CURLOPT_WRITEDATA, this);
  set(CURLOPT_HEADERFUNCTION, &CurlTransfer::on_header);
  set(CURLOPT_HEADERDATA, this);
  if (!request_.unix_socket.empty()) set(CURLOPT_UNIX_SOCKET_PATH, request_.unix_socket.c_str());
  if (request_.max_redirects > 0) {
    set(CURLOPT_FOLLOWLOCATION, 1L);
    set(CURLOPT_MAXREDIRS, static_cast<long>(request_.max_redirects));
    set(CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
  }
  if (request_.connection == HttpConnection::fresh) {
    set(CURLOPT_FRESH_CONNECT, 1L);
    set(CURLOPT_FORBID_REUSE, 1L);
    set(CURLOPT_CLOSESOCKETFUNCTION, &CurlTransfer::close_with_reset);
  }
  if (request_.method == "HEAD") {
    set(CURLOPT_NOBODY, 1L);
  } else if (request_.method != "GET") {
    set(CURLOPT_CUSTOMREQUEST, request_.method.c_str());
    set(CURLOPT_POSTFIELDS, request_.body.c_str());
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
  }
  for (const auto& [name, value] : request_.headers)
    header_list_ = curl_slist_append(header_list_, (name + ": " + value).c_str());
  // libcurl would wait a second for "100 Continue" on larger bodies.
  header_list_ = curl_slist_append(header_list_, "Expect:");
  set(CURLOPT_HTTPHEADER, header_list_);
}

void CurlTransfer::clear() {
  curl_slist_free_all(header_list_);
  header_list_ = nullptr;
  request_ = {};
  response_ = {};
  callback_ = nullptr;
  too_large_ = aborted_ = false;
  error_text_[0] = '\0';
}

size_t CurlTransfer::on_body(char* data, size_t size, size_t count, void* self) {
  auto& transfer = *static_cast<CurlTransfer*>(self);
  const std::string_view piece(data, size * count);
  if (transfer.request_.on_data) {
    transfer.aborted_ = !transfer.request_.on_data(piece);
    return transfer.aborted_ ? 0 : piece.size();
  }
  if (transfer.response_.body.size() + piece.size() > transfer.request_.max_body_bytes) {
    transfer.too_large_ = true;
    return 0;
  }
  transfer.response_.body += piece;
  return piece.size();
}

size_t CurlTransfer::on_header(char* data, size_t size, size_t count, void* self) {
  auto& transfer = *static_cast<CurlTransfer*>(self);
  const std::string_view line(data, size * count);
  if (line.substr(0, 5) == "HTTP/") {  // a new response begins: after a redirect or a 100
    transfer.response_.headers.clear();
  } else if (const size_t colon = line.find(':'); colon != std::string_view::npos) {
    transfer.response_.headers.emplace_back(trim(line.substr(0, colon)),
                                            trim(line.substr(colon + 1)));
  }
  return line.size();
}

// A FIN would leave a TIME_WAIT and a connection tracking entry of 120 s for each probe.
int CurlTransfer::close_with_reset(void*, curl_socket_t fd) {
  const linger reset{1, 0};
  setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
  return close(fd);
}

HttpFailureKind CurlTransfer::kind_of(CURLcode code, long os_error) const {
  if (aborted_) return HttpFailureKind::aborted;
  if (too_large_) return HttpFailureKind::too_large;
  switch (code) {
    case CURLE_OPERATION_TIMEDOUT:
      return HttpFailureKind::timeout;
    case CURLE_COULDNT_CONNECT:
      return os_error == ECONNREFUSED && request_.unix_socket.empty() ? HttpFailureKind::refused
             : os_error == ETIMEDOUT                                  ? HttpFailureKind::timeout
                                     : HttpFailureKind::unreachable;
    case CURLE_COULDNT_RESOLVE_HOST:
      return HttpFailureKind::dns;
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
      return HttpFailureKind::reset;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CACERT_BADFILE:
      return HttpFailureKind::tls;
    default:
      return HttpFailureKind::protocol;
  }
}

HttpResult CurlTransfer::outcome(CURLcode code) {
  long status = 0;
  curl_easy_getinfo(handle_, CURLINFO_RESPONSE_CODE, &status);
  if (code == CURLE_OK) {
    response_.status = static_cast<int>(status);
    return std::move(response_);
  }
  long os_error = 0;
  curl_easy_getinfo(handle_, CURLINFO_OS_ERRNO, &os_error);
  curl_off_t connect_time = 0;
  curl_easy_getinfo(handle_, CURLINFO_CONNECT_TIME_T, &connect_time);
  HttpFailure failure{kind_of(code, os_error), {}, static_cast<int>(os_error), connect_time > 0};
  if (too_large_) {
    failure.message =
        "the answer is longer than " + std::to_string(request_.max_body_bytes) + " bytes";
  } else if (!request_.unix_socket.empty() && code == CURLE_COULDNT_CONNECT) {
    failure.message = "can't connect to " + request_.unix_socket + ": " +
                      std::generic_category().message(static_cast<int>(os_error));
  } else {
    failure.message = error_text_[0] != '\0' ? error_text_.data() : curl_easy_strerror(code);
  }
  return failure;
}

}  // namespace selfheal
