#include "common/http/curl_transfer.h"

#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "common/http/curl_failure.h"

namespace selfheal {
namespace {

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.back() == '\r' || text.back() == '\n' || text.back() == ' '))
    text.remove_suffix(1);
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  return text;
}

}  // namespace

CurlTransfer::CurlTransfer(CurlMulti& multi, HttpRequest request, Finish finish)
    : multi_(multi),
      handle_(multi.take()),
      request_(std::move(request)),
      finish_(std::move(finish)) {
  set_options();
  set_request();
  multi_.start(handle_, *this);
}

CurlTransfer::~CurlTransfer() {
  if (running_) multi_.stop(handle_);
  multi_.give_back(handle_);
}

void CurlTransfer::set_options() {
  const auto set = [this](CURLoption option, auto value) {
    curl_easy_setopt(handle_, option, value);
  };
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
  if (request_.max_redirects > 0) {
    set(CURLOPT_FOLLOWLOCATION, 1L);
    set(CURLOPT_MAXREDIRS, static_cast<long>(request_.max_redirects));
    set(CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
  }
  if (request_.connection == HttpConnection::fresh) {
    set(CURLOPT_FRESH_CONNECT, 1L);
    set(CURLOPT_FORBID_REUSE, 1L);
    set(CURLOPT_CLOSESOCKETFUNCTION, &close_with_reset);
  }
}

void CurlTransfer::set_request() {
  const auto set = [this](CURLoption option, auto value) {
    curl_easy_setopt(handle_, option, value);
  };
  set(CURLOPT_URL, request_.url.c_str());
  if (!request_.unix_socket.empty()) set(CURLOPT_UNIX_SOCKET_PATH, request_.unix_socket.c_str());
  if (request_.method == "HEAD") {
    set(CURLOPT_NOBODY, 1L);
  } else if (request_.method != "GET") {
    set(CURLOPT_CUSTOMREQUEST, request_.method.c_str());
    set(CURLOPT_POSTFIELDS, request_.body.c_str());
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
  }
  if (request_.tls) set_tls(*request_.tls);
  for (const auto& [name, value] : request_.headers) header_list_.add(name + ": " + value);
  // libcurl would wait a second for "100 Continue" on larger bodies.
  header_list_.add("Expect:");
  set(CURLOPT_HTTPHEADER, header_list_.get());
}

void CurlTransfer::set_tls(const HttpTls& tls) {
  const auto set_file = [this](CURLoption option, const std::string& file) {
    if (!file.empty()) curl_easy_setopt(handle_, option, file.c_str());
  };
  set_file(CURLOPT_CAINFO, tls.ca_file);
  set_file(CURLOPT_SSLCERT, tls.cert_file);
  set_file(CURLOPT_SSLKEY, tls.key_file);
  if (tls.verify == HttpTls::Verify::peer) return;
  curl_easy_setopt(handle_, CURLOPT_SSL_VERIFYPEER, 0L);
  curl_easy_setopt(handle_, CURLOPT_SSL_VERIFYHOST, 0L);
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

void CurlTransfer::on_done(CURLcode code) {
  running_ = false;
  const Finish finish = std::move(finish_);
  finish(outcome(code));
}

HttpResult CurlTransfer::outcome(CURLcode code) {
  if (code != CURLE_OK) return failure(code);
  long status = 0;
  curl_easy_getinfo(handle_, CURLINFO_RESPONSE_CODE, &status);
  response_.status = static_cast<int>(status);
  const char* peer = nullptr;
  curl_easy_getinfo(handle_, CURLINFO_PRIMARY_IP, &peer);
  // Of a unix socket it is the path.
  if (peer != nullptr && request_.unix_socket.empty()) response_.peer = peer;
  return std::move(response_);
}

HttpFailure CurlTransfer::failure(CURLcode code) const {
  HttpFailure failure = curl_failure(handle_, code, error_text_.data());
  if (aborted_) {
    failure.kind = HttpFailureKind::aborted;
  } else if (too_large_) {
    failure.kind = HttpFailureKind::too_large;
    failure.message =
        "the answer is longer than " + std::to_string(request_.max_body_bytes) + " bytes";
  } else if (!request_.unix_socket.empty() && code == CURLE_COULDNT_CONNECT) {
    // A socket that is there but that nobody serves is as good as none.
    if (failure.kind == HttpFailureKind::refused) failure.kind = HttpFailureKind::unreachable;
    failure.message = "can't connect to " + request_.unix_socket + ": " +
                      std::generic_category().message(failure.os_error);
  }
  return failure;
}

}  // namespace selfheal
