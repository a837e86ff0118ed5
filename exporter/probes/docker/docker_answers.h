// Brings Docker's answers, which come on a thread of its client's, to the loop of a prober; those
// that come when the prober is gone are dropped.
//
// Owned by a prober, made and destroyed where the prober is. The callbacks of to() may be called
// from any thread, at any time.
#pragma once

#include <memory>
#include <mutex>
#include <utility>

#include "common/base/event_loop.h"

namespace selfheal {

class DockerAnswers {
 public:
  explicit DockerAnswers(EventLoop& loop) : way_(std::make_shared<Way>()) { way_->loop = &loop; }
  ~DockerAnswers() {
    const std::lock_guard lock(way_->mutex);
    way_->loop = nullptr;
  }
  DockerAnswers(const DockerAnswers&) = delete;
  DockerAnswers& operator=(const DockerAnswers&) = delete;

  // A callback for DockerApi that has `then` called on the loop, with the answer.
  template <class Then>
  auto to(Then then) const {
    return [way = way_, then = std::move(then)](auto answer) {
      const std::lock_guard lock(way->mutex);
      if (way->loop == nullptr) return;
      way->loop->post([way, then, answer = std::move(answer)]() mutable {
        // On the loop's thread, where the prober lives and dies.
        if (way->loop != nullptr) then(std::move(answer));
      });
    };
  }

 private:
  struct Way {
    std::mutex mutex;
    EventLoop* loop;  // null once the prober is gone
  };
  std::shared_ptr<Way> way_;
};

}  // namespace selfheal
