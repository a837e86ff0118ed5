// A TLS client over a blocking socket, with a time limit; trusts any server.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <openssl/ssl.h>

#include "tests/support/http_text.h"
#include "tests/support/sockets.h"
#include "tests/support/test_certificates.h"

namespace selfheal {

struct TlsPeerOptions {
  std::optional<TestCertificate> certificate;  // the client's own
  int min_version = 0;                         // as on the wire; 0: any
  int max_version = 0;
  std::string ciphers;  // of TLS 1.2
};

class TlsPeer {
 public:
  explicit TlsPeer(uint16_t port, const TlsPeerOptions& options = {});

  // Whether the handshake went well. With TLS 1.3 a refused client learns so only when it reads.
  bool connected() const { return connected_; }
  bool send(std::string_view bytes);
  std::optional<HttpText> read();
  // A GET on this connection; nothing when it was not answered.
  std::optional<HttpText> get(const std::string& path, const std::string& headers = "");
  // Of the server's certificate.
  std::string server_name() const;
  std::string version() const { return SSL_get_version(ssl_.get()); }
  std::string cipher() const { return SSL_get_cipher_name(ssl_.get()); }

 private:
  bool receive();

  UniqueFd socket_;
  std::shared_ptr<SSL> ssl_;
  bool connected_ = false;
  std::string buffer_;
};

}  // namespace selfheal
