// Verifies the peer's certificate in one TLS handshake as Go's clients do, and keeps what it saw,
// also when it refuses it.
//
// Made for one connection and outlives it; belongs to the loop's thread. For libcurl:
// install(context, capture) in CURLOPT_SSL_CTX_FUNCTION. For an SSL of one's own: attach(ssl)
// before the handshake, with the context of a TlsClient.
#pragma once

#include <optional>
#include <string>

#include <openssl/ssl.h>

#include "exporter/probes/probe.h"
#include "exporter/probes/probe_trace.h"
#include "exporter/probes/tls/tls_contexts.h"

namespace selfheal {

class TlsCapture {
 public:
  // `server_name`: a name or an address literal that the certificate must be for; where it is
  // neither, every certificate that is verified is refused. Without Tracing::on only the earliest
  // expiry and the fault are kept.
  TlsCapture(const TlsClient& client, std::string server_name, Tracing tracing);
  TlsCapture(const TlsCapture&) = delete;
  TlsCapture& operator=(const TlsCapture&) = delete;

  // Every connection of `context` is verified by `capture`, or by the one attached to it.
  static void install(SSL_CTX* context, TlsCapture* capture = nullptr);
  // Also asks for the server name, where it is a name.
  void attach(SSL* ssl);

  // Of what the peer sent; nothing before it has sent certificates.
  std::optional<WallTime> earliest_expiry() const { return earliest_expiry_; }
  // Why the certificate was refused, for a person: "the certificate expired on 2026-01-31"; empty
  // when it wasn't.
  const std::string& fault() const { return fault_; }

  enum class Handshake { completed, failed };
  // What was traced; nothing when the peer has sent no certificates.
  std::optional<TlsTrace> trace(Handshake handshake) const;

 private:
  static int on_verify(X509_STORE_CTX* store, void* capture);
  bool verify(X509_STORE_CTX* store);
  void keep(X509_STORE_CTX* store);

  const bool verifies_;
  const std::string server_name_;
  const Tracing tracing_;
  std::optional<WallTime> earliest_expiry_;
  std::string fault_;
  TlsTrace trace_;
};

}  // namespace selfheal
