#include "common/http/http_client.h"

#include <unordered_map>

#include <strings.h>

#include "common/http/curl_transfer.h"

namespace selfheal {

std::string_view to_string(HttpFailureKind kind) {
  switch (kind) {
    case HttpFailureKind::timeout:
      return "timeout";
    case HttpFailureKind::refused:
      return "refused";
    case HttpFailureKind::reset:
      return "reset";
    case HttpFailureKind::dns:
      return "dns";
    case HttpFailureKind::tls:
      return "tls";
    case HttpFailureKind::unreachable:
      return "unreachable";
    case HttpFailureKind::too_large:
      return "too_large";
    case HttpFailureKind::protocol:
      return "protocol";
    case HttpFailureKind::aborted:
      return "aborted";
  }
  return "protocol";
}

std::string HttpResponse::header(std::string_view name) const {
  for (const auto& [key, value] : headers)
    if (key.size() == name.size() && strncasecmp(key.data(), name.data(), name.size()) == 0)
      return value;
  return "";
}

class HttpClient::Impl {
 public:
  explicit Impl(EventLoop& loop) : multi_(loop) {}

  RequestId send(HttpRequest request, Callback callback) {
    const RequestId id = next_id_++;
    active_.emplace(id, std::make_unique<CurlTransfer>(
                            multi_, std::move(request),
                            [this, id, callback = std::move(callback)](HttpResult outcome) {
                              active_.erase(id);
                              callback(std::move(outcome));  // may send and cancel
                            }));
    return id;
  }
  void cancel(RequestId id) { active_.erase(id); }
  void cancel_all() { active_.clear(); }
  size_t in_flight() const { return active_.size(); }

 private:
  CurlMulti multi_;
  RequestId next_id_ = 1;
  std::unordered_map<RequestId, std::unique_ptr<CurlTransfer>> active_;
};

HttpClient::HttpClient(EventLoop& loop) : impl_(std::make_unique<Impl>(loop)) {}
HttpClient::~HttpClient() = default;

HttpClient::RequestId HttpClient::send(HttpRequest request, Callback callback) {
  return impl_->send(std::move(request), std::move(callback));
}

void HttpClient::cancel(RequestId id) {
  impl_->cancel(id);
}

void HttpClient::cancel_all() {
  impl_->cancel_all();
}

size_t HttpClient::in_flight() const {
  return impl_->in_flight();
}

}  // namespace selfheal
