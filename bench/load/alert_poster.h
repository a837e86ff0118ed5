// Posts requests as Alertmanager's client does, on one thread with one epoll: a request takes the
// connection that was used last, or a new one where none is free (Alertmanager's storm of 1,000
// groups opens hundreds), and connections are kept. What gets no answer, or 5xx, is posted again
// after half a second, which is where Alertmanager's backoff begins.
//
// Open loop: a request's time runs from when it is due, whether or not it could be sent then, so
// that a server that stands still shows in all that had to wait. Not thread-safe.
#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "common/base/clock.h"
#include "common/base/unique_fd.h"

namespace selfheal::bench {

// What became of a request.
struct Delivery {
  SteadyTime due_at{};
  SteadyTime sent_at{};      // the first time
  SteadyTime answered_at{};  // the last byte of the last answer
  int status = 0;            // 0: never answered
  int tries = 0;

  double latency_ms() const {
    return std::chrono::duration<double, std::milli>(answered_at - due_at).count();
  }
};

class AlertPoster {
 public:
  using RequestOf = std::function<std::string(size_t index)>;

  // Never more than `most_connections` at once; what is due meanwhile waits for one.
  AlertPoster(uint16_t port, size_t most_connections);

  // Request `i` at `due[i]` from now on, in ascending order. Returns when all are answered, or
  // `patience` after the last was due.
  std::vector<Delivery> deliver(const std::vector<std::chrono::nanoseconds>& due,
                                const RequestOf& request_of, std::chrono::nanoseconds patience);

  size_t connections_opened() const { return opened_; }
  size_t most_at_once() const { return most_at_once_; }

 private:
  struct Connection {
    UniqueFd fd;
    bool busy = false;
    size_t request = 0;  // while busy
    std::string out;     // what is still to be sent
    std::string in;
  };
  struct Retry {
    SteadyTime at;
    size_t request;
  };

  void start_due(SteadyTime now);
  bool start(size_t request);
  std::optional<size_t> free_connection();
  std::optional<size_t> open_connection();
  void send_rest(Connection& connection);
  void proceed(size_t index);
  void finish(size_t index);
  void give_up_connection(size_t index);
  void try_again(size_t request);
  int next_timeout_ms(SteadyTime now, SteadyTime end) const;

  const uint16_t port_;
  const size_t most_connections_;
  UniqueFd epoll_;
  std::vector<Connection> connections_;
  std::vector<size_t> idle_;    // open and free, the one used last at the end
  std::vector<size_t> unused_;  // places in connections_ without a connection
  size_t open_ = 0;
  size_t opened_ = 0;
  size_t most_at_once_ = 0;

  // Of the run.
  const RequestOf* request_of_ = nullptr;
  std::vector<Delivery> deliveries_;
  size_t next_ = 0;
  size_t unanswered_ = 0;
  std::deque<Retry> retries_;
};

}  // namespace selfheal::bench
