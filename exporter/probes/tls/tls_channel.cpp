#include "exporter/probes/tls/tls_channel.h"

#include <array>
#include <utility>

#include <openssl/err.h>
#include <openssl/ssl.h>

namespace selfheal {

TlsChannel::TlsChannel(std::shared_ptr<TlsClient> client, std::string server_name, Tracing tracing)
    : client_(std::move(client)),
      capture_(*client_, std::move(server_name), tracing),
      ssl_(SSL_new(client_->context())),
      from_peer_(BIO_new(BIO_s_mem())),
      to_peer_(BIO_new(BIO_s_mem())) {
  SSL_set_bio(ssl_.get(), from_peer_, to_peer_);
  SSL_set_connect_state(ssl_.get());
  capture_.attach(ssl_.get());
  handshake();
}

std::string TlsChannel::receive(std::string_view from_peer) {
  BIO_write(from_peer_, from_peer.data(), static_cast<int>(from_peer.size()));
  if (state_ == State::handshaking) handshake();
  return state_ == State::open ? read() : "";
}

void TlsChannel::handshake() {
  ERR_clear_error();
  const int returned = SSL_do_handshake(ssl_.get());
  if (returned == 1) {
    state_ = State::open;
  } else {
    judge(returned);
  }
}

std::string TlsChannel::read() {
  std::string plain;
  std::array<char, 4'096> piece;
  for (;;) {
    ERR_clear_error();
    const int got = SSL_read(ssl_.get(), piece.data(), static_cast<int>(piece.size()));
    if (got <= 0) {
      judge(got);
      return plain;
    }
    plain.append(piece.data(), static_cast<size_t>(got));
  }
}

// The memory takes all there is: the only thing to wait for is the peer.
void TlsChannel::judge(int returned) {
  const int error = SSL_get_error(ssl_.get(), returned);
  if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE) return;
  if (error == SSL_ERROR_ZERO_RETURN) {
    state_ = State::ended;
    return;
  }
  state_ = State::failed;
  const std::string reported = take_openssl_error();
  fault_ = !capture_.fault().empty() ? capture_.fault() : reported;
}

void TlsChannel::send(std::string_view plain) {
  ERR_clear_error();
  const int sent = SSL_write(ssl_.get(), plain.data(), static_cast<int>(plain.size()));
  if (sent <= 0) judge(sent);
}

void TlsChannel::close() {
  if (state_ == State::open) SSL_shutdown(ssl_.get());
}

std::string TlsChannel::take_output() {
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(to_peer_, &bytes);
  std::string output(bytes, static_cast<size_t>(size));
  if (size > 0) static_cast<void>(BIO_reset(to_peer_));
  return output;
}

}  // namespace selfheal
