// The exchanges of one HTTP probe, each by the way that costs least: PlainExchange where it suits,
// libcurl for everything else. The results are the same; tests run the same cases over both.
//
// Belongs to the loop's thread; the interface is HttpExchange's.
#pragma once

#include <memory>

#include "exporter/probes/http/http_exchange.h"
#include "exporter/probes/http/http_services.h"
#include "exporter/probes/http/plain_exchange.h"

namespace selfheal {

class QuickExchange final : HttpExchange::Listener {
 public:
  // What `services` refers to and `listener` must outlive it.
  QuickExchange(const HttpServices& services, HttpExchange::Listener& listener)
      : services_(services), listener_(listener) {}

  void start(ExchangeRequest request);

  // After the end, but head() and tls() at any time.
  const ResponseHead& head() const;  // status 0: there was none
  double http_version() const { return curl_ ? curl_->http_version() : plain_->http_version(); }
  int64_t content_length() const {
    return curl_ ? curl_->content_length() : plain_->content_length();
  }
  ExchangeTimes times() const { return curl_ ? curl_->times() : plain_->times(); }
  const TlsCapture* tls() const { return curl_ ? curl_->tls() : nullptr; }
  bool tls_established() const { return curl_ && curl_->tls_established(); }

 private:
  HttpExchange::Next on_head(const ResponseHead& head) override;
  HttpExchange::Next on_body(std::string_view piece) override { return listener_.on_body(piece); }
  void on_end(const std::optional<HttpFailure>& failure) override;
  void start_by_curl(ExchangeRequest request);
  bool wants_cookies(const ResponseHead& head) const;

  const HttpServices services_;
  HttpExchange::Listener& listener_;
  std::unique_ptr<PlainExchange> plain_;
  std::unique_ptr<HttpExchange>
      curl_;                // from the first request on that needs it: cookies are there
  bool once_more_ = false;  // the plain exchange under way has to be made by libcurl
};

}  // namespace selfheal
