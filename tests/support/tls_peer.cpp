#include "tests/support/tls_peer.h"

#include <array>

#include <openssl/x509.h>

namespace selfheal {

TlsPeer::TlsPeer(uint16_t port, const TlsPeerOptions& options) : socket_(connect_tcp(port)) {
  const std::shared_ptr<SSL_CTX> context(SSL_CTX_new(TLS_client_method()), SSL_CTX_free);
  SSL_CTX_set_min_proto_version(context.get(), options.min_version);
  SSL_CTX_set_max_proto_version(context.get(), options.max_version);
  if (!options.ciphers.empty()) SSL_CTX_set_cipher_list(context.get(), options.ciphers.c_str());
  if (options.certificate) {
    SSL_CTX_use_certificate(context.get(), options.certificate->x509());
    SSL_CTX_use_PrivateKey(context.get(), options.certificate->key());
  }
  ssl_.reset(SSL_new(context.get()), SSL_free);
  SSL_set_fd(ssl_.get(), socket_.get());
  connected_ = SSL_connect(ssl_.get()) == 1;
}

bool TlsPeer::send(std::string_view bytes) {
  return connected_ && SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size())) ==
                           static_cast<int>(bytes.size());
}

bool TlsPeer::receive() {
  std::array<char, 4096> piece{};
  const int got = SSL_read(ssl_.get(), piece.data(), static_cast<int>(piece.size()));
  if (got > 0) buffer_.append(piece.data(), static_cast<size_t>(got));
  return got > 0;
}

std::optional<HttpText> TlsPeer::read() {
  return read_http_text(
      buffer_, [this] { return receive(); }, HttpBody::by_length);
}

std::optional<HttpText> TlsPeer::get(const std::string& path, const std::string& headers) {
  if (!send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n"))
    return std::nullopt;
  return read();
}

std::string TlsPeer::server_name() const {
  const std::unique_ptr<X509, void (*)(X509*)> certificate(SSL_get1_peer_certificate(ssl_.get()),
                                                           X509_free);
  std::array<char, 256> name{};
  if (certificate)
    X509_NAME_get_text_by_NID(X509_get_subject_name(certificate.get()), NID_commonName, name.data(),
                              static_cast<int>(name.size()));
  return name.data();
}

}  // namespace selfheal
