#include "common/http/tls_context.h"

#include <algorithm>
#include <new>
#include <string>
#include <vector>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include "common/base/file_stamp.h"
#include "common/base/text_list.h"
#include "common/http/certificate_names.h"
#include "common/http/openssl_ptr.h"

namespace selfheal {
namespace {

// What OpenSSL does not keep with a context, or not where it can be read again.
struct Extra {
  ClientAuth client_auth;
  std::vector<std::string> allowed_sans;
  std::string curves;
};

int extra_index() {
  static const int index = SSL_CTX_get_ex_new_index(
      0, nullptr, nullptr, nullptr, [](void*, void* extra, CRYPTO_EX_DATA*, int, long, void*) {
        delete static_cast<Extra*>(extra);
      });
  return index;
}

const Extra& extra_of(const SSL_CTX* context) {
  return *static_cast<const Extra*>(SSL_CTX_get_ex_data(context, extra_index()));
}

bool any_is_allowed(X509* certificate, const std::vector<std::string>& allowed) {
  const std::vector<std::string> names = alternative_names(certificate);
  return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
    return std::find(allowed.begin(), allowed.end(), name) != allowed.end();
  });
}

// In the place of X509_verify_cert: by the policy, then the names.
int verify_client(X509_STORE_CTX* store, void*) {
  const auto* connection = static_cast<const SSL*>(
      X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
  const Extra& extra = extra_of(SSL_get_SSL_CTX(connection));
  const bool verifies = extra.client_auth == ClientAuth::verify_if_given ||
                        extra.client_auth == ClientAuth::require_and_verify;
  if (verifies && X509_verify_cert(store) != 1) return 0;
  if (extra.allowed_sans.empty() ||
      any_is_allowed(X509_STORE_CTX_get0_cert(store), extra.allowed_sans))
    return 1;
  X509_STORE_CTX_set_error(store, X509_V_ERR_APPLICATION_VERIFICATION);
  return 0;
}

// A PEM text of `key` or of the file that `key`_file names.
Result<std::string> pem_of(const std::string& text, const std::string& file) {
  if (file.empty()) return text;
  return read_small_file(file);
}

// What is wrong with what `key` or `key`_file names.
TlsFault fault_in(const char* key, const std::string& file, const std::string& what) {
  return file.empty() ? TlsFault{key, what}
                      : TlsFault{std::string(key) + "_file", file + ": " + what};
}

Result<std::vector<X509Ptr>> read_certificates(const std::string& pem) {
  const BioPtr bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  std::vector<X509Ptr> all;
  while (X509* next = PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr))
    all.emplace_back(next);
  const unsigned long last = ERR_peek_last_error();
  const bool ended =
      ERR_GET_LIB(last) == ERR_LIB_PEM && ERR_GET_REASON(last) == PEM_R_NO_START_LINE;
  if (!ended) return Error{take_openssl_error()};
  ERR_clear_error();
  if (all.empty()) return Error{"there is no certificate in it"};
  return all;
}

// A key with a passphrase is a fault, and nobody is asked for it.
int no_passphrase(char*, int, int, void*) {
  return -1;
}

Outcome<TlsFault> use_certificate(SSL_CTX* context, const TlsServerConfig& config) {
  const auto fault = [&](const std::string& what) {
    return fault_in("cert", config.cert_file, what);
  };
  const auto pem = pem_of(config.cert, config.cert_file);
  if (!pem) return TlsFault{"cert_file", pem.error().message};
  auto chain = read_certificates(*pem);
  if (!chain) return fault(chain.error().message);
  if (SSL_CTX_use_certificate(context, chain->front().get()) != 1)
    return fault(take_openssl_error());
  for (size_t i = 1; i < chain->size(); ++i) {
    if (SSL_CTX_add1_chain_cert(context, (*chain)[i].get()) != 1)
      return fault(take_openssl_error());
  }
  return Done{};
}

Outcome<TlsFault> use_key(SSL_CTX* context, const TlsServerConfig& config) {
  const auto fault = [&](const std::string& what) {
    return fault_in("key", config.key_file, what + ": " + take_openssl_error());
  };
  auto pem = pem_of(config.key, config.key_file);
  if (!pem) return TlsFault{"key_file", pem.error().message};
  const BioPtr bio(BIO_new_mem_buf(pem->data(), static_cast<int>(pem->size())));
  const PrivateKeyPtr key(PEM_read_bio_PrivateKey(bio.get(), nullptr, no_passphrase, nullptr));
  OPENSSL_cleanse(pem->data(), pem->size());
  if (!key) return fault("can't be read as a private key");
  if (SSL_CTX_use_PrivateKey(context, key.get()) != 1)
    return fault("does not belong to the certificate");
  return Done{};
}

Outcome<TlsFault> use_client_authorities(SSL_CTX* context, const TlsServerConfig& config) {
  const auto fault = [&](const std::string& what) {
    return fault_in("client_ca", config.client_ca_file, what);
  };
  const auto pem = pem_of(config.client_ca, config.client_ca_file);
  if (!pem) return TlsFault{"client_ca_file", pem.error().message};
  if (pem->empty() && config.client_ca_file.empty()) {
    // As in Go: verified if given, and nobody said by whom.
    if (config.client_auth == ClientAuth::verify_if_given)
      SSL_CTX_set_default_verify_paths(context);
    return Done{};
  }
  auto authorities = read_certificates(*pem);
  if (!authorities) return fault(authorities.error().message);
  for (const auto& authority : *authorities) {
    if (X509_STORE_add_cert(SSL_CTX_get_cert_store(context), authority.get()) != 1 ||
        SSL_CTX_add_client_CA(context, authority.get()) != 1)
      return fault(take_openssl_error());
  }
  return Done{};
}

int verify_mode(ClientAuth auth) {
  switch (auth) {
    case ClientAuth::none:
      return SSL_VERIFY_NONE;
    case ClientAuth::request:
    case ClientAuth::verify_if_given:
      return SSL_VERIFY_PEER;
    case ClientAuth::require_any:
    case ClientAuth::require_and_verify:
      break;
  }
  return SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT;
}

// As OpenSSL takes a list. What has no name there is empty.
std::string openssl_list(std::vector<std::string> names) {
  std::erase(names, "");
  return joined(names, ":");
}

Outcome<TlsFault> use_algorithms(SSL_CTX* context, const TlsServerConfig& config) {
  // Without a suite of TLS 1.2 in the list only TLS 1.3 is left, whose suites are always on.
  const std::string suites = openssl_list(config.cipher_suites);
  const bool only_tls13 = !config.cipher_suites.empty() && suites.empty();
  SSL_CTX_set_min_proto_version(context, only_tls13 ? TLS1_3_VERSION : config.min_version);
  SSL_CTX_set_max_proto_version(context, config.max_version);
  // TLS 1.0 and 1.1 sign with SHA-1, which OpenSSL allows at level 0 only.
  const std::string level = config.min_version < TLS1_2_VERSION ? "@SECLEVEL=0" : "";
  if ((!suites.empty() || !level.empty()) &&
      SSL_CTX_set_cipher_list(context, ((suites.empty() ? "DEFAULT" : suites) + level).c_str()) !=
          1)
    return TlsFault{"cipher_suites", take_openssl_error()};
  if (config.prefer_server_cipher_suites)
    SSL_CTX_set_options(context, SSL_OP_CIPHER_SERVER_PREFERENCE);
  return Done{};
}

}  // namespace

TlsContext make_empty_tls_context() {
  const TlsContext context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
  if (!context) throw std::bad_alloc();
  SSL_CTX_set_options(context.get(),
                      SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET);
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(context.get(), 0);
  // Idle connections keep no buffers; a write that has come part of the way says so.
  SSL_CTX_set_mode(context.get(), SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                      SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  return context;
}

Result<TlsContext, TlsFault> make_tls_context(const TlsServerConfig& config) {
  const TlsContext made = make_empty_tls_context();
  SSL_CTX* context = made.get();
  SSL_CTX_set_ex_data(
      context, extra_index(),
      new Extra{config.client_auth, config.client_allowed_sans, openssl_list(config.curves)});
  for (const auto& use : {use_certificate, use_key, use_client_authorities, use_algorithms}) {
    if (const Outcome<TlsFault> used = use(context, config); !used) return used.error();
  }
  SSL_CTX_set_verify(context, verify_mode(config.client_auth), nullptr);
  SSL_CTX_set_cert_verify_callback(context, verify_client, nullptr);
  return made;
}

// SSL_set_SSL_CTX alone takes over certificate, authorities and callbacks, and leaves the rest.
void use_tls_context(SSL* connection, SSL_CTX* context) {
  SSL_set_SSL_CTX(connection, context);
  SSL_clear_options(connection, SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_set_options(connection, SSL_CTX_get_options(context));
  SSL_set_security_level(connection, SSL_CTX_get_security_level(context));
  SSL_set_min_proto_version(connection, static_cast<int>(SSL_CTX_get_min_proto_version(context)));
  SSL_set_max_proto_version(connection, static_cast<int>(SSL_CTX_get_max_proto_version(context)));
  SSL_set_verify(connection, SSL_CTX_get_verify_mode(context), nullptr);
  if (const std::string& curves = extra_of(context).curves; !curves.empty())
    SSL_set1_groups_list(connection, curves.c_str());
}

}  // namespace selfheal
