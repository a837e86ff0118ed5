#include "tests/support/test_certificates.h"

#include <cstdlib>

#include <openssl/pem.h>
#include <openssl/x509v3.h>

namespace selfheal {
namespace {

void demand(bool condition) {
  if (!condition) std::abort();
}

void add_extension(X509* certificate, const TestCertificate* issuer, int nid,
                   const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer != nullptr ? issuer->x509() : certificate, certificate, nullptr,
                 nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
  demand(extension != nullptr);
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

template <class Write>
std::string pem_text(const Write& write) {
  BIO* bio = BIO_new(BIO_s_mem());
  demand(write(bio) == 1);
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  std::string text(data, static_cast<size_t>(size));
  BIO_free(bio);
  return text;
}

}  // namespace

TestCertificate TestCertificate::make(const CertificateWish& wish, const TestCertificate* issuer) {
  TestCertificate made;
  made.key_.reset(EVP_EC_gen("P-256"), EVP_PKEY_free);
  made.certificate_.reset(X509_new(), X509_free);
  X509* certificate = made.x509();
  X509_set_version(certificate, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), wish.serial);
  X509_gmtime_adj(X509_getm_notBefore(certificate), wish.begins.count());
  X509_gmtime_adj(X509_getm_notAfter(certificate), wish.ends.count());
  X509_set_pubkey(certificate, made.key());
  for (const auto& [name, value] : wish.subject) {
    const auto* bytes = reinterpret_cast<const unsigned char*>(value.data());
    demand(X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), name.c_str(),
                                      MBSTRING_UTF8, bytes, static_cast<int>(value.size()), -1,
                                      0) == 1);
  }
  X509_set_issuer_name(certificate,
                       X509_get_subject_name(issuer != nullptr ? issuer->x509() : certificate));
  if (wish.kind == CertificateWish::Kind::authority) {
    add_extension(certificate, issuer, NID_basic_constraints, "critical,CA:TRUE");
    add_extension(certificate, issuer, NID_key_usage, "critical,keyCertSign,cRLSign");
  }
  add_extension(certificate, issuer, NID_subject_key_identifier, "hash");
  if (!wish.alternative_names.empty())
    add_extension(certificate, issuer, NID_subject_alt_name, wish.alternative_names);
  demand(X509_sign(certificate, issuer != nullptr ? issuer->key() : made.key(), EVP_sha256()) > 0);
  return made;
}

TestCertificate TestCertificate::self_signed(const CertificateWish& wish) {
  return make(wish, nullptr);
}

TestCertificate TestCertificate::authority(const std::string& common_name) {
  CertificateWish wish;
  wish.subject = {{"CN", common_name}};
  wish.alternative_names.clear();
  wish.kind = CertificateWish::Kind::authority;
  return make(wish, nullptr);
}

TestCertificate TestCertificate::sign(const CertificateWish& wish) const {
  return make(wish, this);
}

TestCertificate TestCertificate::sign_authority(const std::string& common_name) const {
  CertificateWish wish;
  wish.subject = {{"CN", common_name}};
  wish.alternative_names.clear();
  wish.kind = CertificateWish::Kind::authority;
  return make(wish, this);
}

std::string TestCertificate::pem() const {
  return pem_text([this](BIO* bio) { return PEM_write_bio_X509(bio, x509()); });
}

std::string TestCertificate::key_pem() const {
  return pem_text([this](BIO* bio) {
    return PEM_write_bio_PrivateKey(bio, key(), nullptr, nullptr, 0, nullptr, nullptr);
  });
}

std::shared_ptr<SSL_CTX> server_context(const TestCertificate& leaf,
                                        const std::vector<TestCertificate>& intermediates) {
  std::shared_ptr<SSL_CTX> context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
  SSL_CTX_set_security_level(context.get(), 0);
  SSL_CTX_use_certificate(context.get(), leaf.x509());
  SSL_CTX_use_PrivateKey(context.get(), leaf.key());
  for (const TestCertificate& intermediate : intermediates)
    SSL_CTX_add1_chain_cert(context.get(), intermediate.x509());
  return context;
}

void demand_client_certificate(SSL_CTX* context, const TestCertificate& authority) {
  X509_STORE_add_cert(SSL_CTX_get_cert_store(context), authority.x509());
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
}

}  // namespace selfheal
