#include <memory>

#include <openssl/x509.h>

#include "exporter/probes/tls/certificate_text.h"
#include "tests/fuzz/fuzzers.h"

namespace selfheal::fuzz {

void certificates(std::string_view input) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(input.data());
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(
      d2i_X509(nullptr, &bytes, static_cast<long>(input.size())), X509_free);
  if (certificate == nullptr) return;
  not_before(certificate.get());
  not_after(certificate.get());
  demand(fingerprint_sha256(certificate.get()).size() == 64, "a fingerprint is of SHA-256");
  name_text(X509_get_subject_name(certificate.get()));
  name_text(X509_get_issuer_name(certificate.get()));
  serial_text(certificate.get());
  dns_names(certificate.get());
  ip_addresses(certificate.get());
}

}  // namespace selfheal::fuzz
