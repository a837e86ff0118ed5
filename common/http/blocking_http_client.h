// HttpClient on a loop thread of its own, for callers that may wait. Safe from any thread.
#pragma once

#include <atomic>
#include <memory>

#include "common/http/http_client.h"

namespace selfheal {

class BlockingHttpClient {
 public:
  BlockingHttpClient(const Clock& clock, const char* thread_name);
  ~BlockingHttpClient();

  // Waits for the outcome; `request.timeout` bounds the wait. After shut_down(): aborted at once.
  HttpResult fetch(HttpRequest request);

  // Without waiting; `callback` runs on the client's own thread and must only enqueue.
  void fetch_async(HttpRequest request, HttpClient::Callback callback);

  // Ends every request that is under way as aborted, and all later ones. Idempotent.
  void shut_down();

 private:
  struct Pending;
  LoopThread thread_;
  std::unique_ptr<HttpClient> client_;
  std::shared_ptr<Pending> pending_;
};

}  // namespace selfheal
