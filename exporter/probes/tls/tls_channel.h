// TLS over bytes that somebody else carries: what the peer sent goes in by receive(), what it is to
// get comes out of take_output(). The handshake begins at construction.
//
// For one connection; belongs to the loop's thread. No sockets in here.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "common/http/openssl_ptr.h"
#include "exporter/probes/tls/tls_capture.h"
#include "exporter/probes/tls/tls_contexts.h"

namespace selfheal {

class TlsChannel {
 public:
  // ended: the peer has closed it as TLS wants it.
  enum class State { handshaking, open, ended, failed };

  TlsChannel(std::shared_ptr<TlsClient> client, std::string server_name, Tracing tracing);

  State state() const { return state_; }
  // Returns what it said in plain.
  std::string receive(std::string_view from_peer);
  // Once open.
  void send(std::string_view plain);
  // Says goodbye, when open.
  void close();
  std::string take_output();

  // Of a failure, for a person.
  const std::string& fault() const { return fault_; }
  const TlsCapture& capture() const { return capture_; }

 private:
  void handshake();
  std::string read();
  void judge(int returned);

  std::shared_ptr<TlsClient> client_;
  TlsCapture capture_;
  SslPtr ssl_;
  BIO* from_peer_ = nullptr;  // of ssl_
  BIO* to_peer_ = nullptr;
  State state_ = State::handshaking;
  std::string fault_;
};

}  // namespace selfheal
