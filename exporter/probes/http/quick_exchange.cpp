#include "exporter/probes/http/quick_exchange.h"

#include <algorithm>
#include <utility>

namespace selfheal {

void QuickExchange::start(ExchangeRequest request) {
  const bool plain = services_.plain_http == HttpServices::PlainHttp::direct && curl_ == nullptr &&
                     PlainExchange::suits(request);
  if (!plain) return start_by_curl(std::move(request));
  HttpExchange::Listener& here = *this;
  plain_ = std::make_unique<PlainExchange>(services_.loop, here, std::move(request));
  plain_->start();
}

void QuickExchange::start_by_curl(ExchangeRequest request) {
  if (curl_ == nullptr) curl_ = std::make_unique<HttpExchange>(services_.curl, listener_);
  curl_->start(std::move(request));
}

const ResponseHead& QuickExchange::head() const {
  static const ResponseHead kNone;
  return curl_ ? curl_->head() : plain_ ? plain_->head() : kNone;
}

// Only libcurl keeps cookies. Those of a response that leads elsewhere may be needed there, so it
// is asked for once more; a GET or HEAD may be.
bool QuickExchange::wants_cookies(const ResponseHead& head) const {
  return plain_->request().cookies == ExchangeRequest::Cookies::kept && head.status / 100 == 3 &&
         !head.values("Location").empty() && !head.values("Set-Cookie").empty();
}

HttpExchange::Next QuickExchange::on_head(const ResponseHead& head) {
  once_more_ = wants_cookies(head);
  return once_more_ ? HttpExchange::Next::enough : listener_.on_head(head);
}

void QuickExchange::on_end(const std::optional<HttpFailure>& failure) {
  if (!std::exchange(once_more_, false)) return listener_.on_end(failure);
  ExchangeRequest request = plain_->request();
  const auto taken = std::chrono::ceil<Milliseconds>(plain_->times().end);
  request.timeout = std::max(Milliseconds(1), request.timeout - taken);
  start_by_curl(std::move(request));
}

}  // namespace selfheal
