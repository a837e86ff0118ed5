#include "common/http/tls_names.h"

#include <array>
#include <utility>

namespace selfheal {
namespace {

using Names = std::pair<std::string_view, std::string_view>;

constexpr std::array<Names, 13> kCipherSuites{{
    {"TLS_AES_128_GCM_SHA256", ""},
    {"TLS_AES_256_GCM_SHA384", ""},
    {"TLS_CHACHA20_POLY1305_SHA256", ""},
    {"TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA", "ECDHE-ECDSA-AES128-SHA"},
    {"TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA", "ECDHE-ECDSA-AES256-SHA"},
    {"TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA", "ECDHE-RSA-AES128-SHA"},
    {"TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA", "ECDHE-RSA-AES256-SHA"},
    {"TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "ECDHE-ECDSA-AES128-GCM-SHA256"},
    {"TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", "ECDHE-ECDSA-AES256-GCM-SHA384"},
    {"TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "ECDHE-RSA-AES128-GCM-SHA256"},
    {"TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", "ECDHE-RSA-AES256-GCM-SHA384"},
    {"TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", "ECDHE-RSA-CHACHA20-POLY1305"},
    {"TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", "ECDHE-ECDSA-CHACHA20-POLY1305"},
}};

constexpr std::array<Names, 4> kCurves{
    {{"CurveP256", "P-256"}, {"CurveP384", "P-384"}, {"CurveP521", "P-521"}, {"X25519", "X25519"}}};

template <class Table>
std::optional<std::string> find(const Table& table, std::string_view name) {
  for (const auto& [go, openssl] : table)
    if (go == name) return std::string(openssl);
  return std::nullopt;
}

template <class Table>
std::string names_of(const Table& table) {
  std::string names;
  for (const auto& [go, openssl] : table) names += (names.empty() ? "" : ", ") + std::string(go);
  return names;
}

}  // namespace

std::optional<std::string> cipher_suite(std::string_view name) {
  return find(kCipherSuites, name);
}

std::string cipher_suite_names() {
  return names_of(kCipherSuites);
}

std::optional<std::string> curve(std::string_view name) {
  return find(kCurves, name);
}

std::string curve_names() {
  return names_of(kCurves);
}

}  // namespace selfheal
