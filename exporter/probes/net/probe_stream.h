// The bytes of a probe's TCP connection, in plain or, from secure() on, over TLS.
//
// Made by a probe for its connection, belongs to the loop's thread; its destruction closes the
// connection with a reset. Reads at most 16 KiB at a time: others have their turn.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/event_loop.h"
#include "common/base/result.h"
#include "exporter/probes/probe.h"
#include "exporter/probes/tls/tls_channel.h"

namespace selfheal {

// What happened, in this order; nothing of all that when only the output has gone out.
struct StreamNews {
  bool secured = false;         // the handshake has come to its end
  std::string_view bytes = {};  // from the peer
  bool ended = false;           // the peer will send nothing more
  std::optional<ProbeResult> failure = {};
};

class ProbeStream {
 public:
  // May destroy the stream; never called from within its methods otherwise.
  using Callback = std::function<void(const StreamNews&)>;

  // `socket` is connected and non-blocking.
  ProbeStream(EventLoop& loop, UniqueFd socket, Callback callback);
  ~ProbeStream();
  ProbeStream(const ProbeStream&) = delete;
  ProbeStream& operator=(const ProbeStream&) = delete;

  // The error is the probe's result.
  Outcome<ProbeResult> send(std::string_view bytes);
  Outcome<ProbeResult> secure(std::shared_ptr<TlsClient> client, std::string server_name,
                              Tracing tracing);
  // Whether the kernel has taken all that was sent; there is news when it has.
  bool flushed() const { return output_.empty(); }
  // Null without TLS.
  const TlsChannel* tls() const { return tls_ ? &*tls_ : nullptr; }

 private:
  void on_event(uint32_t events);
  StreamNews read();
  StreamNews read_secured(std::string_view bytes);
  StreamNews at_end();
  Outcome<ProbeResult> write();
  void watch();

  EventLoop& loop_;
  const UniqueFd socket_;
  const Callback callback_;
  std::optional<TlsChannel> tls_;
  std::string plain_;   // what TLS made of the last bytes
  std::string output_;  // what the socket has not taken yet
  bool ended_ = false;
  uint32_t watched_ = 0;
};

}  // namespace selfheal
