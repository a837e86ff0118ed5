#include "compose/sample-app/app.h"

namespace sample_app {

std::optional<Answer> App::answer(Endpoint endpoint) {
  using Outcome = WaitingRoom::Outcome;
  for (;;) {
    const WaitingRoom::Era era = waiting_room_.era();
    const Failure now = failure();
    if (now.mode != FailureMode::hang && now.mode != FailureMode::slow) return answer_now(endpoint);
    const bool endless = now.mode == FailureMode::hang;
    switch (waiting_room_.wait(era, endless ? std::nullopt : std::optional(now.delay))) {
      case Outcome::elapsed:
        return answer_now(endpoint);
      case Outcome::turned_out:
        return std::nullopt;
      case Outcome::released:
        break;  // the failure has changed: judged anew
    }
  }
}

Answer App::answer_now(Endpoint endpoint) const {
  if (mode() == FailureMode::error) return {500, "broken\n"};
  if (endpoint == Endpoint::root) return {200, "Hello from the sample app\n"};
  if (leak_.exhausted()) return {503, "out of memory\n"};
  return {200, "ok\n"};
}

void App::break_with(const Failure& failure) {
  become(failure);
}

void App::fix() {
  become(Failure{});
}

void App::become(const Failure& failure) {
  const std::lock_guard change(change_mutex_);
  {
    const std::lock_guard lock(mutex_);
    failure_ = failure;
  }
  if (failure.mode == FailureMode::leak) {
    leak_.start(failure.leak_limit_bytes);
  } else {
    leak_.stop();
  }
  waiting_room_.release_all();
}

Failure App::failure() const {
  const std::lock_guard lock(mutex_);
  return failure_;
}

FailureMode App::mode() const {
  return failure().mode;
}

}  // namespace sample_app
