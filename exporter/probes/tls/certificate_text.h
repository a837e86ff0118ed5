// What a certificate says, as Go's crypto/x509 (and so blackbox_exporter's labels) would write it.
#pragma once

#include <string>
#include <vector>

#include <openssl/x509.h>

#include "common/base/clock.h"

namespace selfheal {

// From 1677 to 2262: what is beyond (RFC 5280's "never" is the year 9999) is told as the end.
WallTime not_before(const X509* certificate);
WallTime not_after(const X509* certificate);
// Lower-case hex of the SHA-256 of its DER.
std::string fingerprint_sha256(const X509* certificate);
// "CN=web.example,O=Example\, Inc.,C=DE": the order and escapes of pkix.Name.String().
std::string name_text(const X509_NAME* name);
// Lower-case hex of its bytes, without the zero bytes in front: "04d2", and "" for zero.
std::string serial_text(const X509* certificate);
std::vector<std::string> dns_names(const X509* certificate);
std::vector<std::string> ip_addresses(const X509* certificate);

}  // namespace selfheal
