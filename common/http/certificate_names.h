// Whom a certificate names, as text: its subject alternative names as Go writes them. Stateless.
#pragma once

#include <string>
#include <vector>

#include <openssl/x509.h>

namespace selfheal {

// DNS names, IP addresses, e-mail addresses and URIs.
std::vector<std::string> alternative_names(X509* certificate);

}  // namespace selfheal
