#include "exporter/probes/tls/tls_capture.h"

#include <algorithm>
#include <array>
#include <ctime>
#include <utility>

#include <openssl/x509v3.h>

#include "common/base/text_list.h"
#include "exporter/probes/net/address_literal.h"
#include "exporter/probes/tls/certificate_text.h"

namespace selfheal {
namespace {

// Of every SSL of our own: its TlsCapture.
int capture_index() {
  static const int index = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return index;
}

SSL* ssl_of(X509_STORE_CTX* store) {
  return static_cast<SSL*>(X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
}

std::optional<WallTime> earliest(const STACK_OF(X509) * certificates) {
  std::optional<WallTime> first;
  for (int i = 0; i < sk_X509_num(certificates); ++i) {
    const WallTime expiry = not_after(sk_X509_value(certificates, i));
    if (!first || expiry < *first) first = expiry;
  }
  return first;
}

// "2026-01-31 12:00:00 UTC"
std::string date_text(WallTime time) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S UTC", &parts);
  return text.data();
}

std::string version_text(int version) {
  switch (version) {
    case TLS1_VERSION:
      return "TLS 1.0";
    case TLS1_1_VERSION:
      return "TLS 1.1";
    case TLS1_2_VERSION:
      return "TLS 1.2";
    case TLS1_3_VERSION:
      return "TLS 1.3";
    default:
      return "unknown";
  }
}

// In the midst of the handshake it is pending.
std::string cipher_text(const SSL* ssl) {
  const SSL_CIPHER* cipher = SSL_get_pending_cipher(ssl);
  const char* name = cipher != nullptr ? SSL_CIPHER_standard_name(cipher) : nullptr;
  return name != nullptr ? name : "unknown";
}

// "the certificate" of the peer itself, or whose above it in the chain.
std::string subject_of_fault(X509_STORE_CTX* store, const X509* certificate) {
  if (X509_STORE_CTX_get_error_depth(store) == 0 || certificate == nullptr)
    return "the certificate";
  return "the certificate of " + name_text(X509_get_subject_name(certificate)) + " above it";
}

std::string wrong_name(const X509* leaf, const std::string& wanted) {
  std::vector<std::string> names = dns_names(leaf);
  for (std::string& address : ip_addresses(leaf)) names.push_back(std::move(address));
  const std::string is_for =
      names.empty() ? "no name at all (it has no subject alternative names)" : joined(names);
  return "the certificate is for " + is_for + ", not for " + wanted;
}

std::string fault_of(X509_STORE_CTX* store, const std::string& server_name) {
  const int error = X509_STORE_CTX_get_error(store);
  const X509* at = X509_STORE_CTX_get_current_cert(store);
  const std::string subject = subject_of_fault(store, at);
  switch (error) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return subject + " expired on " + date_text(not_after(at));
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return subject + " is not valid before " + date_text(not_before(at));
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return wrong_name(X509_STORE_CTX_get0_cert(store), server_name);
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
      return "the certificate is self-signed";
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
      return "the certificate is signed by an unknown authority" +
             (at != nullptr ? ", " + name_text(X509_get_issuer_name(at)) : "");
    default:
      return subject + " can't be verified: " + X509_verify_cert_error_string(error);
  }
}

// False where no certificate could be for that: without a name OpenSSL would accept any.
bool demand_name(X509_VERIFY_PARAM* rules, const std::string& name) {
  if (name.empty() || name.find('\0') != std::string::npos) return false;
  if (is_address_literal(name)) return X509_VERIFY_PARAM_set1_ip_asc(rules, name.c_str()) == 1;
  return X509_VERIFY_PARAM_set1_host(rules, name.data(), name.size()) == 1;
}

}  // namespace

TlsCapture::TlsCapture(const TlsClient& client, std::string server_name, Tracing tracing)
    : verifies_(client.verifies()), server_name_(std::move(server_name)), tracing_(tracing) {}

void TlsCapture::install(SSL_CTX* context, TlsCapture* capture) {
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_cert_verify_callback(context, &TlsCapture::on_verify, capture);
}

void TlsCapture::attach(SSL* ssl) {
  SSL_set_ex_data(ssl, capture_index(), this);
  if (!server_name_.empty() && !is_address_literal(server_name_))
    SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
             const_cast<char*>(server_name_.c_str()));
}

int TlsCapture::on_verify(X509_STORE_CTX* store, void* capture) {
  if (capture == nullptr) capture = SSL_get_ex_data(ssl_of(store), capture_index());
  return static_cast<TlsCapture*>(capture)->verify(store) ? 1 : 0;
}

bool TlsCapture::verify(X509_STORE_CTX* store) {
  keep(store);
  if (!verifies_) {
    X509_STORE_CTX_set_error(store, X509_V_OK);
    return true;
  }
  X509_VERIFY_PARAM* rules = X509_STORE_CTX_get0_param(store);
  X509_VERIFY_PARAM_set_flags(rules, X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_TRUSTED_FIRST);
  X509_VERIFY_PARAM_set_hostflags(rules, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
  if (!demand_name(rules, server_name_)) {
    fault_ = "the certificate can't be checked: there is no valid name that it must be for";
    X509_STORE_CTX_set_error(store, X509_V_ERR_HOSTNAME_MISMATCH);
    return false;
  }
  const bool good = X509_verify_cert(store) == 1;
  if (!good) fault_ = fault_of(store, server_name_);
  if (good && tracing_ == Tracing::on)
    trace_.last_chain_expiry = earliest(X509_STORE_CTX_get0_chain(store));
  return good;
}

void TlsCapture::keep(X509_STORE_CTX* store) {
  earliest_expiry_ = earliest(X509_STORE_CTX_get0_untrusted(store));
  if (tracing_ == Tracing::off) return;
  const X509* leaf = X509_STORE_CTX_get0_cert(store);
  trace_.version = version_text(SSL_version(ssl_of(store)));
  trace_.cipher = cipher_text(ssl_of(store));
  trace_.earliest_expiry = earliest_expiry_;
  trace_.fingerprint_sha256 = fingerprint_sha256(leaf);
  trace_.subject = name_text(X509_get_subject_name(leaf));
  trace_.issuer = name_text(X509_get_issuer_name(leaf));
  trace_.subject_alternative = joined(dns_names(leaf), ",");
  trace_.serial = serial_text(leaf);
  trace_.not_before = not_before(leaf);
}

std::optional<TlsTrace> TlsCapture::trace(Handshake handshake) const {
  if (!trace_.earliest_expiry) return std::nullopt;
  TlsTrace traced = trace_;
  if (handshake == Handshake::failed) {
    traced.version.clear();
    traced.cipher.clear();
  }
  return traced;
}

}  // namespace selfheal
