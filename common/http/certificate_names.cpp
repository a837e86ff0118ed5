#include "common/http/certificate_names.h"

#include <array>
#include <memory>

#include <arpa/inet.h>
#include <openssl/x509v3.h>

#include "common/http/openssl_ptr.h"

namespace selfheal {
namespace {

std::string text_of(const ASN1_STRING* text) {
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
          static_cast<size_t>(ASN1_STRING_length(text))};
}

std::string address_of(const ASN1_OCTET_STRING* bytes) {
  const int length = ASN1_STRING_length(bytes);
  if (length != 4 && length != 16) return "";
  std::array<char, INET6_ADDRSTRLEN> text{};
  inet_ntop(length == 4 ? AF_INET : AF_INET6, ASN1_STRING_get0_data(bytes), text.data(),
            text.size());
  return text.data();
}

std::string name_of(const GENERAL_NAME& name) {
  switch (name.type) {
    case GEN_DNS:
    case GEN_EMAIL:
    case GEN_URI:
      return text_of(name.d.ia5);
    case GEN_IPADD:
      return address_of(name.d.iPAddress);
    default:
      return "";
  }
}

}  // namespace

std::vector<std::string> alternative_names(X509* certificate) {
  const std::unique_ptr<GENERAL_NAMES, OpensslFree<GENERAL_NAMES_free>> names(
      static_cast<GENERAL_NAMES*>(
          X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  std::vector<std::string> all;
  if (!names) return all;
  for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
    if (std::string name = name_of(*sk_GENERAL_NAME_value(names.get(), i)); !name.empty())
      all.push_back(std::move(name));
  }
  return all;
}

}  // namespace selfheal
