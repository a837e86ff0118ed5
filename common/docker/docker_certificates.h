// The certificates for TLS to an engine, in a folder as docker's own clients keep it.
#pragma once

#include <string>

#include "common/base/result.h"
#include "common/http/http_tls.h"

namespace selfheal {

// Looks for ca.pem, cert.pem and key.pem. The error says what is missing or can't be read there.
Result<HttpTls> read_docker_certificates(const std::string& folder, HttpTls::Verify verify);

}  // namespace selfheal
