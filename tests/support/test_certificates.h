// Certificates made when a test needs them: P-256, in memory, a millisecond each.
//
//   const TestCertificate root = TestCertificate::authority("Test Root");
//   const TestCertificate web = root.sign({});
//   StubServer server([context = server_context(web)](StubConnection& connection) {
//     if (!connection.start_tls(context.get())) return;
//     …
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include <openssl/ssl.h>

namespace selfheal {

struct CertificateWish {
  // Attributes in the order of the certificate, by short name or OID.
  std::vector<std::pair<std::string, std::string>> subject{{"CN", "localhost"}};
  // As OpenSSL's configuration has it; empty: none.
  std::string alternative_names = "DNS:localhost,IP:127.0.0.1,IP:::1";
  std::chrono::seconds begins{-std::chrono::hours(1)};  // from now
  std::chrono::seconds ends{std::chrono::hours(24)};
  long serial = 4711;
  enum class Kind { leaf, authority } kind = Kind::leaf;
};

class TestCertificate {
 public:
  static TestCertificate self_signed(const CertificateWish& wish);
  static TestCertificate authority(const std::string& common_name);
  TestCertificate sign(const CertificateWish& wish) const;
  TestCertificate sign_authority(const std::string& common_name) const;

  std::string pem() const;
  std::string key_pem() const;
  X509* x509() const { return certificate_.get(); }
  EVP_PKEY* key() const { return key_.get(); }

 private:
  static TestCertificate make(const CertificateWish& wish, const TestCertificate* issuer);
  std::shared_ptr<X509> certificate_;
  std::shared_ptr<EVP_PKEY> key_;
};

// Of a server that shows `leaf` and `intermediates`.
std::shared_ptr<SSL_CTX> server_context(const TestCertificate& leaf,
                                        const std::vector<TestCertificate>& intermediates = {});
// The server demands a client certificate by `authority`.
void demand_client_certificate(SSL_CTX* context, const TestCertificate& authority);

}  // namespace selfheal
