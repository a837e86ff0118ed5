// One HTTP/1.1 request without TLS over a TCP connection of its own, straight on the event loop.
//
// Does what HttpExchange does, for what nearly all continuous probes are: GET or HEAD to an address
// that is known, no body, no proxy, no TLS. Why there is one beside libcurl: saturated on one core
// (bench/probe_cost), a probe of a local target costs blackbox_exporter 604 µs, a raw epoll client
// 55, libcurl's multi interface with nothing around it 85, and the whole exporter 105 with libcurl
// (1/5.8 of blackbox_exporter, 1.9 raw; at most 1/6 and 2 are wanted) but 68 with this (1/8.9,
// 1.25). What libcurl adds are a connection's book-keeping, six look-ups of the socket's names and
// state, three changes of the epoll set instead of two. With libcurl alone the exporter would stand
// at the edge of what is wanted, without a margin.
//
// Belongs to the loop's thread. The listener is called as HttpExchange calls its own. The
// connection is closed with a reset (tcp_connect.h).
#pragma once

#include <optional>
#include <string>

#include "common/base/event_loop.h"
#include "common/base/unique_fd.h"
#include "exporter/probes/http/http1_response.h"
#include "exporter/probes/http/http_exchange.h"

namespace selfheal {

class PlainExchange final : Http1Response::Receiver {
 public:
  // Whether it can make this request.
  static bool suits(const ExchangeRequest& request);

  // `loop` and `listener` must outlive it.
  PlainExchange(EventLoop& loop, HttpExchange::Listener& listener, ExchangeRequest request);
  ~PlainExchange();
  PlainExchange(const PlainExchange&) = delete;
  PlainExchange& operator=(const PlainExchange&) = delete;

  // Once; suits() must be true.
  void start();

  const ExchangeRequest& request() const { return request_; }
  // As HttpExchange has them, after the end.
  const ResponseHead& head() const { return response_.head(); }
  double http_version() const { return response_.minor_version() > 0 ? 1.1 : 1.0; }
  int64_t content_length() const { return response_.content_length(); }
  ExchangeTimes times() const;

 private:
  bool take_head(const ResponseHead& head) override;
  bool take_body(std::string_view piece) override;

  void transmit();
  void on_ready(uint32_t events);
  void receive();
  // From within start() the failure is told from the loop.
  void break_off(int os_error);
  void time_out();
  HttpFailure failure(HttpFailureKind kind, std::string message, int os_error = 0) const;
  void finish(const std::optional<HttpFailure>& failure);
  void close();

  EventLoop& loop_;
  HttpExchange::Listener& listener_;
  const ExchangeRequest request_;
  const Endpoint peer_;
  Http1Response response_;
  std::string unsent_;
  UniqueFd socket_;
  std::optional<EventLoop::TimerId> alarm_;
  SteadyTime begun_{};
  std::optional<SteadyTime> connected_;
  std::optional<SteadyTime> first_byte_;
  SteadyTime ended_{};
};

}  // namespace selfheal
