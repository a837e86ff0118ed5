// tls_server_config as an SSL_CTX: certificate, key, client certificates, versions, suites.
//
// Stateless and thread-safe. Sessions are not resumed: each connection proves anew who it is, with
// the certificates and authorities of the day.
#pragma once

#include <memory>
#include <string>

#include "common/base/result.h"
#include "common/http/web_config.h"

using SSL = struct ssl_st;
using SSL_CTX = struct ssl_ctx_st;

namespace selfheal {

using TlsContext = std::shared_ptr<SSL_CTX>;

struct TlsFault {
  std::string key;   // of tls_server_config
  std::string what;  // with the file that is at fault, if one is
};

// Reads the files that it names.
Result<TlsContext, TlsFault> make_tls_context(const TlsServerConfig& config);

// What a context for accepting has in common with every other, also before anything is known about
// the client.
TlsContext make_empty_tls_context();

// Lets a connection whose client has just said hello go on with all that `context` says.
void use_tls_context(SSL* connection, SSL_CTX* context);

}  // namespace selfheal
