// One request as a libcurl easy handle: options in, response or failure out. Private to
// common/http; belongs to the client's loop thread.
#pragma once

#include <array>
#include <functional>

#include <curl/curl.h>

#include "common/http/curl_list.h"
#include "common/http/curl_multi.h"
#include "common/http/http_client.h"

namespace selfheal {

class CurlTransfer final : public CurlTask {
 public:
  // Gets the outcome and may destroy the transfer.
  using Finish = std::function<void(HttpResult)>;

  // Runs on `multi`, which must outlive it, until it is finished or destroyed.
  CurlTransfer(CurlMulti& multi, HttpRequest request, Finish finish);
  ~CurlTransfer();
  CurlTransfer(const CurlTransfer&) = delete;
  CurlTransfer& operator=(const CurlTransfer&) = delete;

 private:
  void set_options();
  void set_request();
  void on_done(CURLcode code) override;
  HttpResult outcome(CURLcode code);
  HttpFailure failure(CURLcode code) const;
  void set_tls(const HttpTls& tls);
  static size_t on_body(char* data, size_t size, size_t count, void* self);
  static size_t on_header(char* data, size_t size, size_t count, void* self);

  CurlMulti& multi_;
  CURL* handle_;
  bool running_ = true;
  HttpRequest request_;
  Finish finish_;
  HttpResponse response_;
  CurlList header_list_;
  bool too_large_ = false;
  bool aborted_ = false;
  std::array<char, CURL_ERROR_SIZE> error_text_{};
};

}  // namespace selfheal
