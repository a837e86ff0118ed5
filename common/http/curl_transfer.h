// One request as a libcurl easy handle: options in, response or failure out. Private to
// common/http; belongs to the client's loop thread. Handles are pooled by the client, since making
// one costs more than a local probe.
#pragma once

#include <array>
#include <memory>

#include <curl/curl.h>

#include "common/http/http_client.h"

namespace selfheal {

class CurlTransfer {
 public:
  CurlTransfer();  // throws std::bad_alloc when libcurl can't make a handle
  ~CurlTransfer();
  CurlTransfer(const CurlTransfer&) = delete;
  CurlTransfer& operator=(const CurlTransfer&) = delete;

  // Sets every option from `request`, whatever the handle did before.
  void prepare(HttpRequest request, HttpClient::RequestId id, HttpClient::Callback callback);
  // What became of it; `code` is libcurl's verdict.
  HttpResult outcome(CURLcode code);
  // Drops request, response and callback; the handle stays for the next.
  void clear();

  CURL* handle() const { return handle_; }
  HttpClient::RequestId id() const { return id_; }
  HttpClient::Callback take_callback() { return std::move(callback_); }
  static CurlTransfer& from(CURL* handle);

 private:
  static size_t on_body(char* data, size_t size, size_t count, void* self);
  static size_t on_header(char* data, size_t size, size_t count, void* self);
  static int close_with_reset(void* self, curl_socket_t fd);
  HttpFailureKind kind_of(CURLcode code, long os_error) const;

  CURL* handle_;
  HttpClient::RequestId id_ = 0;
  HttpRequest request_;
  HttpClient::Callback callback_;
  HttpResponse response_;
  curl_slist* header_list_ = nullptr;
  bool too_large_ = false;
  bool aborted_ = false;
  std::array<char, CURL_ERROR_SIZE> error_text_{};
};

}  // namespace selfheal
