#include "common/http/blocking_http_client.h"

#include <condition_variable>
#include <future>
#include <map>
#include <mutex>
#include <optional>

namespace selfheal {

// What was handed in and not yet answered, so that shut_down() can answer it.
struct BlockingHttpClient::Pending {
  std::mutex mutex;
  bool closed = false;
  uint64_t next = 1;
  std::map<uint64_t, HttpClient::Callback> callbacks;

  bool waits(uint64_t ticket) {
    const std::lock_guard lock(mutex);
    return callbacks.count(ticket) > 0;
  }

  // The callback of `ticket`, once.
  HttpClient::Callback take(uint64_t ticket) {
    const std::lock_guard lock(mutex);
    const auto entry = callbacks.find(ticket);
    if (entry == callbacks.end()) return nullptr;
    HttpClient::Callback callback = std::move(entry->second);
    callbacks.erase(entry);
    return callback;
  }
};

namespace {

const HttpFailure kStopping{HttpFailureKind::aborted, "this process is stopping"};

}  // namespace

BlockingHttpClient::BlockingHttpClient(const Clock& clock, const char* thread_name)
    : thread_(clock, thread_name),
      client_(std::make_unique<HttpClient>(thread_.loop())),
      pending_(std::make_shared<Pending>()) {}

BlockingHttpClient::~BlockingHttpClient() {
  shut_down();
  thread_.stop();
  client_.reset();  // while its loop still exists, and stands still
}

void BlockingHttpClient::fetch_async(HttpRequest request, HttpClient::Callback callback) {
  uint64_t ticket = 0;
  {
    const std::lock_guard lock(pending_->mutex);
    if (!pending_->closed) {
      ticket = pending_->next++;
      pending_->callbacks.emplace(ticket, std::move(callback));
    }
  }
  if (ticket == 0) {
    callback(kStopping);
    return;
  }
  thread_.loop().post([this, ticket, pending = pending_, request = std::move(request)]() mutable {
    if (!pending->waits(ticket)) return;
    client_->send(std::move(request), [ticket, pending](HttpResult result) {
      if (const auto waiting = pending->take(ticket)) waiting(std::move(result));
    });
  });
}

HttpResult BlockingHttpClient::fetch(HttpRequest request) {
  struct Answer {
    std::mutex mutex;
    std::condition_variable arrived;
    std::optional<HttpResult> result;
  };
  const auto answer = std::make_shared<Answer>();
  fetch_async(std::move(request), [answer](HttpResult result) {
    const std::lock_guard lock(answer->mutex);
    answer->result.emplace(std::move(result));
    answer->arrived.notify_one();
  });
  std::unique_lock lock(answer->mutex);
  answer->arrived.wait(lock, [&] { return answer->result.has_value(); });
  return std::move(*answer->result);
}

void BlockingHttpClient::shut_down() {
  std::map<uint64_t, HttpClient::Callback> waiting;
  {
    const std::lock_guard lock(pending_->mutex);
    if (std::exchange(pending_->closed, true)) return;
    waiting.swap(pending_->callbacks);
  }
  // First on the loop: once a waiting caller has its answer, its on_data must not be called.
  std::promise<void> cancelled;
  thread_.loop().post([this, &cancelled] {
    client_->cancel_all();
    cancelled.set_value();
  });
  cancelled.get_future().wait();
  for (const auto& [ticket, callback] : waiting) callback(kStopping);
}

}  // namespace selfheal
