#include "common/http/http_client.h"

#include <new>
#include <unordered_map>

#include <strings.h>

#include "common/http/curl_transfer.h"

namespace selfheal {
namespace {

constexpr size_t kIdleHandles = 64;  // 5.6 KB each; pooled by what is in flight, not one a target

// libcurl wants its global state set up before any thread uses it.
const CURLcode kGlobalState = curl_global_init(CURL_GLOBAL_DEFAULT);

}  // namespace

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
  explicit Impl(EventLoop& loop) : loop_(loop), multi_(curl_multi_init()) {
    if (kGlobalState != CURLE_OK || multi_ == nullptr) throw std::bad_alloc();
    curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &Impl::on_socket);
    curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
    curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &Impl::on_timer);
    curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
  }

  ~Impl() {
    for (auto& [id, transfer] : active_) curl_multi_remove_handle(multi_, transfer->handle());
    curl_multi_cleanup(multi_);
    loop_.cancel(timer_);
  }

  RequestId send(HttpRequest request, Callback callback) {
    std::unique_ptr<CurlTransfer> transfer = take_handle();
    const RequestId id = next_id_++;
    transfer->prepare(std::move(request), id, std::move(callback));
    CURL* handle = transfer->handle();
    active_.emplace(id, std::move(transfer));
    // Only sets libcurl's timer to "now"; the connect happens from the loop.
    curl_multi_add_handle(multi_, handle);
    return id;
  }

  void cancel(RequestId id) {
    const auto entry = active_.find(id);
    if (entry == active_.end()) return;
    release(entry);
  }

  void cancel_all() {
    while (!active_.empty()) release(active_.begin());
  }

  size_t in_flight() const { return active_.size(); }

 private:
  using Active = std::unordered_map<RequestId, std::unique_ptr<CurlTransfer>>;

  std::unique_ptr<CurlTransfer> take_handle() {
    if (idle_.empty()) return std::make_unique<CurlTransfer>();
    std::unique_ptr<CurlTransfer> transfer = std::move(idle_.back());
    idle_.pop_back();
    return transfer;
  }

  void release(Active::iterator entry) {
    std::unique_ptr<CurlTransfer> transfer = std::move(entry->second);
    active_.erase(entry);
    curl_multi_remove_handle(multi_, transfer->handle());
    transfer->clear();
    if (idle_.size() < kIdleHandles) idle_.push_back(std::move(transfer));
  }

  static int on_socket(CURL*, curl_socket_t fd, int what, void* self, void*) {
    auto& impl = *static_cast<Impl*>(self);
    if (what == CURL_POLL_REMOVE) {
      impl.loop_.unwatch(fd);
      return 0;
    }
    uint32_t events = 0;
    if (what & CURL_POLL_IN) events |= EPOLLIN;
    if (what & CURL_POLL_OUT) events |= EPOLLOUT;
    impl.loop_.watch(fd, events, [&impl, fd](uint32_t ready) {
      int mask = 0;
      if (ready & (EPOLLIN | EPOLLHUP)) mask |= CURL_CSELECT_IN;
      if (ready & EPOLLOUT) mask |= CURL_CSELECT_OUT;
      if (ready & EPOLLERR) mask |= CURL_CSELECT_ERR;
      impl.act(fd, mask);
    });
    return 0;
  }

  static int on_timer(CURLM*, long timeout_ms, void* self) {
    auto& impl = *static_cast<Impl*>(self);
    impl.loop_.cancel(impl.timer_);
    if (timeout_ms >= 0)
      impl.timer_ =
          impl.loop_.after(Milliseconds(timeout_ms), [&impl] { impl.act(CURL_SOCKET_TIMEOUT, 0); });
    return 0;
  }

  void act(curl_socket_t fd, int mask) {
    int running = 0;
    curl_multi_socket_action(multi_, fd, mask, &running);
    finish_done();
  }

  void finish_done() {
    int left = 0;
    while (CURLMsg* message = curl_multi_info_read(multi_, &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      const CURLcode code = message->data.result;
      CurlTransfer& transfer = CurlTransfer::from(message->easy_handle);
      HttpResult outcome = transfer.outcome(code);
      const Callback callback = transfer.take_callback();
      release(active_.find(transfer.id()));
      callback(std::move(outcome));  // may send and cancel
    }
  }

  EventLoop& loop_;
  CURLM* multi_;
  EventLoop::TimerId timer_{};
  RequestId next_id_ = 1;
  Active active_;
  std::vector<std::unique_ptr<CurlTransfer>> idle_;
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
