// Go's names of TLS versions, cipher suites and curves, as exporter-toolkit's files have them, in
// OpenSSL's words. [pure]
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace selfheal {

// To the numbers on the wire.
inline constexpr std::array<std::pair<std::string_view, int>, 4> kTlsVersions{
    {{"TLS10", 0x0301}, {"TLS11", 0x0302}, {"TLS12", 0x0303}, {"TLS13", 0x0304}}};

// "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256" to "ECDHE-RSA-AES128-GCM-SHA256": those that Go does not
// call insecure. TLS 1.3's suites can't be chosen, as in Go: they give the empty text.
std::optional<std::string> cipher_suite(std::string_view name);
std::string cipher_suite_names();  // all of them, for a person

// "CurveP256" to "P-256".
std::optional<std::string> curve(std::string_view name);
std::string curve_names();

}  // namespace selfheal
