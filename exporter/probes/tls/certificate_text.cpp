#include "exporter/probes/tls/certificate_text.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <ctime>
#include <memory>
#include <string_view>

#include <arpa/inet.h>
#include <openssl/x509v3.h>

#include "common/http/openssl_ptr.h"

namespace selfheal {
namespace {

WallTime wall_time(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return {};
  constexpr auto kSecond = std::chrono::seconds(1);
  const auto seconds =
      std::clamp<time_t>(timegm(&parts), WallTime::min().time_since_epoch() / kSecond,
                         WallTime::max().time_since_epoch() / kSecond);
  return std::chrono::system_clock::from_time_t(seconds);
}

std::string hex(const unsigned char* bytes, size_t size) {
  constexpr const char* digits = "0123456789abcdef";
  std::string text;
  text.reserve(2 * size);
  for (size_t i = 0; i < size; ++i) {
    text += digits[bytes[i] >> 4];
    text += digits[bytes[i] & 15];
  }
  return text;
}

// An attribute that pkix.Name has a field for, in the order in which Go writes them, which is the
// reverse of ToRDNSequence().
struct Attribute {
  int nid;
  const char* name;
};
constexpr std::array<Attribute, 9> kKnown{{
    {NID_serialNumber, "SERIALNUMBER"},
    {NID_commonName, "CN"},
    {NID_postalCode, "POSTALCODE"},
    {NID_streetAddress, "STREET"},
    {NID_stateOrProvinceName, "ST"},
    {NID_localityName, "L"},
    {NID_organizationalUnitName, "OU"},
    {NID_organizationName, "O"},
    {NID_countryName, "C"},
}};

std::string value_of(const X509_NAME_ENTRY* entry) {
  unsigned char* utf8 = nullptr;
  const int size = ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(entry));
  if (size < 0) return "";
  std::string text(reinterpret_cast<const char*>(utf8), static_cast<size_t>(size));
  OPENSSL_free(utf8);
  return text;
}

std::string escaped(std::string_view value) {
  std::string text;
  for (size_t i = 0; i < value.size(); ++i) {
    const char c = value[i];
    const bool at_an_end = i == 0 || i + 1 == value.size();
    if (std::strchr(",+\"\\<>;", c) != nullptr || (c == ' ' && at_an_end) || (c == '#' && i == 0))
      text += '\\';
    text += c;
  }
  return text;
}

bool is_printable_string(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c != '\0' && std::strchr("'()+,-./ :=?", c) != nullptr);
  });
}

// What Go writes for an attribute it has no name for: the OID, and the value as it would encode it.
std::string unnamed(const X509_NAME_ENTRY* entry) {
  std::array<char, 128> oid{};
  OBJ_obj2txt(oid.data(), oid.size(), X509_NAME_ENTRY_get_object(entry), 1);
  const std::string value = value_of(entry);
  std::string der(1, is_printable_string(value) ? '\x13' : '\x0c');
  if (value.size() > 255) {
    der += '\x82';
    der += static_cast<char>(value.size() >> 8);
  } else if (value.size() > 127) {
    der += '\x81';
  }
  der += static_cast<char>(value.size() & 0xff);
  der += value;
  return std::string(oid.data()) + "=#" +
         hex(reinterpret_cast<const unsigned char*>(der.data()), der.size());
}

template <class Visit>
void for_each_alternative_name(const X509* certificate, const Visit& visit) {
  const std::unique_ptr<GENERAL_NAMES, OpensslFree<GENERAL_NAMES_free>> names(
      static_cast<GENERAL_NAMES*>(
          X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i)
    visit(*sk_GENERAL_NAME_value(names.get(), i));
}

}  // namespace

WallTime not_before(const X509* certificate) {
  return wall_time(X509_get0_notBefore(certificate));
}

WallTime not_after(const X509* certificate) {
  return wall_time(X509_get0_notAfter(certificate));
}

std::string fingerprint_sha256(const X509* certificate) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned size = 0;
  X509_digest(certificate, EVP_sha256(), digest.data(), &size);
  return hex(digest.data(), size);
}

std::string name_text(const X509_NAME* name) {
  std::string text;
  const auto append = [&text](const std::string& part, char separator) {
    if (!text.empty()) text += separator;
    text += part;
  };
  for (const auto& [nid, label] : kKnown) {
    char separator = ',';
    for (int at = -1; (at = X509_NAME_get_index_by_NID(name, nid, at)) >= 0; separator = '+') {
      // Go keeps the last common name and serial number, and all values of the others.
      const bool single = nid == NID_commonName || nid == NID_serialNumber;
      if (single && X509_NAME_get_index_by_NID(name, nid, at) >= 0) continue;
      append(std::string(label) + "=" + escaped(value_of(X509_NAME_get_entry(name, at))),
             separator);
    }
  }
  for (int at = X509_NAME_entry_count(name) - 1; at >= 0; --at) {
    const X509_NAME_ENTRY* entry = X509_NAME_get_entry(name, at);
    const int nid = OBJ_obj2nid(X509_NAME_ENTRY_get_object(entry));
    const bool known = std::any_of(kKnown.begin(), kKnown.end(), [nid](const Attribute& attribute) {
      return attribute.nid == nid;
    });
    if (!known) append(unnamed(entry), ',');
  }
  return text;
}

std::string serial_text(const X509* certificate) {
  const ASN1_INTEGER* serial = X509_get0_serialNumber(certificate);
  const unsigned char* bytes = ASN1_STRING_get0_data(serial);
  const unsigned char* end = bytes + ASN1_STRING_length(serial);
  bytes = std::find_if(bytes, end, [](unsigned char byte) { return byte != 0; });
  return hex(bytes, static_cast<size_t>(end - bytes));
}

std::vector<std::string> dns_names(const X509* certificate) {
  std::vector<std::string> names;
  for_each_alternative_name(certificate, [&names](const GENERAL_NAME& name) {
    if (name.type != GEN_DNS) return;
    const ASN1_STRING* text = name.d.dNSName;
    names.emplace_back(reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
                       static_cast<size_t>(ASN1_STRING_length(text)));
  });
  return names;
}

std::vector<std::string> ip_addresses(const X509* certificate) {
  std::vector<std::string> addresses;
  for_each_alternative_name(certificate, [&addresses](const GENERAL_NAME& name) {
    if (name.type != GEN_IPADD) return;
    const ASN1_STRING* bytes = name.d.iPAddress;
    const int size = ASN1_STRING_length(bytes);
    if (size != 4 && size != 16) return;
    std::array<char, INET6_ADDRSTRLEN> text{};
    inet_ntop(size == 4 ? AF_INET : AF_INET6, ASN1_STRING_get0_data(bytes), text.data(),
              text.size());
    addresses.emplace_back(text.data());
  });
  return addresses;
}

}  // namespace selfheal
