// libcurl's multi interface on an EventLoop: runs transfers, many at once, and keeps idle handles
// for the next ones, since making one costs more than a local probe.
//
// Belongs to the loop's thread. Private to what speaks HTTP (HttpClient, the exporter's probers).
#pragma once

#include <vector>

#include <curl/curl.h>

#include "common/base/event_loop.h"

namespace selfheal {

// What is told of a transfer's end.
class CurlTask {
 public:
  // The handle is out of the multi and still the task's; may start and stop others, and end itself.
  virtual void on_done(CURLcode code) = 0;

 protected:
  ~CurlTask() = default;
};

class CurlMulti {
 public:
  // `loop` must outlive it; destroy while the loop is not running, or on it, and after every task.
  explicit CurlMulti(EventLoop& loop);
  ~CurlMulti();
  CurlMulti(const CurlMulti&) = delete;
  CurlMulti& operator=(const CurlMulti&) = delete;

  // A handle with no option set (curl_easy_reset) and no cookies.
  CURL* take();
  // Never set CURLOPT_COOKIEFILE on it: a curl_easy_reset() leaks its list.
  void give_back(CURL* handle);

  // on_done() comes once, never from within, unless stop() is called first. Uses CURLOPT_PRIVATE.
  void start(CURL* handle, CurlTask& task);
  void stop(CURL* handle);

 private:
  static int on_socket(CURL* handle, curl_socket_t fd, int what, void* self, void* of_socket);
  static int on_timer(CURLM* multi, long timeout_ms, void* self);
  void act(curl_socket_t fd, int events);
  void finish_done();

  EventLoop& loop_;
  CURLM* multi_;
  EventLoop::TimerId timer_{};
  std::vector<CURL*> idle_;
};

}  // namespace selfheal
