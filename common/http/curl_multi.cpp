#include "common/http/curl_multi.h"

#include <new>

namespace selfheal {
namespace {

constexpr size_t kIdleHandles = 64;  // 5.6 KB each; pooled by what is in flight, not one a target
// By itself libcurl keeps four times as many idle connections as there ever were transfers at once.
constexpr long kKeptConnections = 8;

// libcurl wants its global state set up before any thread uses it.
const CURLcode kGlobalState = curl_global_init(CURL_GLOBAL_DEFAULT);

}  // namespace

CurlMulti::CurlMulti(EventLoop& loop) : loop_(loop), multi_(curl_multi_init()) {
  if (kGlobalState != CURLE_OK || multi_ == nullptr) throw std::bad_alloc();
  curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &CurlMulti::on_socket);
  curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
  curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &CurlMulti::on_timer);
  curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
  curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, kKeptConnections);
}

CurlMulti::~CurlMulti() {
  for (CURL* handle : idle_) curl_easy_cleanup(handle);
  curl_multi_cleanup(multi_);
  loop_.cancel(timer_);
}

CURL* CurlMulti::take() {
  if (idle_.empty()) {
    CURL* handle = curl_easy_init();
    if (handle == nullptr) throw std::bad_alloc();
    return handle;
  }
  CURL* handle = idle_.back();
  idle_.pop_back();
  return handle;
}

void CurlMulti::give_back(CURL* handle) {
  if (idle_.size() == kIdleHandles) {
    curl_easy_cleanup(handle);
    return;
  }
  curl_easy_setopt(handle, CURLOPT_COOKIEFILE, nullptr);  // no cookies: the reset keeps them
  curl_easy_reset(handle);                                // drops what its options point to, too
  idle_.push_back(handle);
}

void CurlMulti::start(CURL* handle, CurlTask& task) {
  curl_easy_setopt(handle, CURLOPT_PRIVATE, &task);
  // Only sets libcurl's timer to "now"; the connect happens from the loop.
  curl_multi_add_handle(multi_, handle);
}

void CurlMulti::stop(CURL* handle) {
  curl_multi_remove_handle(multi_, handle);
}

int CurlMulti::on_socket(CURL*, curl_socket_t fd, int what, void* self, void*) {
  auto& multi = *static_cast<CurlMulti*>(self);
  if (what == CURL_POLL_REMOVE) {
    multi.loop_.unwatch(fd);
    return 0;
  }
  uint32_t wanted = 0;
  if (what & CURL_POLL_IN) wanted |= EPOLLIN;
  if (what & CURL_POLL_OUT) wanted |= EPOLLOUT;
  multi.loop_.watch(fd, wanted, [&multi, fd](uint32_t ready) {
    int events = 0;
    if (ready & (EPOLLIN | EPOLLHUP)) events |= CURL_CSELECT_IN;
    if (ready & EPOLLOUT) events |= CURL_CSELECT_OUT;
    if (ready & EPOLLERR) events |= CURL_CSELECT_ERR;
    multi.act(fd, events);
  });
  return 0;
}

int CurlMulti::on_timer(CURLM*, long timeout_ms, void* self) {
  auto& multi = *static_cast<CurlMulti*>(self);
  multi.loop_.cancel(multi.timer_);
  if (timeout_ms >= 0)
    multi.timer_ = multi.loop_.after(Milliseconds(timeout_ms),
                                     [&multi] { multi.act(CURL_SOCKET_TIMEOUT, 0); });
  return 0;
}

void CurlMulti::act(curl_socket_t fd, int events) {
  int running = 0;
  curl_multi_socket_action(multi_, fd, events, &running);
  finish_done();
}

void CurlMulti::finish_done() {
  int left = 0;
  while (CURLMsg* message = curl_multi_info_read(multi_, &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    CURL* handle = message->easy_handle;
    const CURLcode code = message->data.result;  // gone with the handle's removal
    char* task = nullptr;
    curl_easy_getinfo(handle, CURLINFO_PRIVATE, &task);
    curl_multi_remove_handle(multi_, handle);
    reinterpret_cast<CurlTask*>(task)->on_done(code);
  }
}

}  // namespace selfheal
