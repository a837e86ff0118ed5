// The file of --web.config.file: who may ask, and over which TLS. The schema is exporter-toolkit's,
// so that one file serves any program of Prometheus' family.
//
//   tls_server_config: {cert_file, key_file, client_ca_file, client_auth_type, …}
//   http_server_config: {headers: {Strict-Transport-Security: …}}
//   basic_auth_users: {alice: $2y$10$…}
//   rate_limit: {interval: 100ms, burst: 20}
//
// Plain values; the files that it names are read by tls_context.*, not here.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "common/base/clock.h"
#include "common/base/result.h"
#include "common/base/yaml_reference.h"

namespace selfheal {

// Of a client's certificate, by Go's names.
enum class ClientAuth {
  none,               // NoClientCert
  request,            // RequestClientCert: asked for, not verified
  require_any,        // RequireAnyClientCert: needed, not verified
  verify_if_given,    // VerifyClientCertIfGiven
  require_and_verify  // RequireAndVerifyClientCert
};

struct TlsServerConfig {
  // Each as PEM in the file itself, or as a path; never both.
  std::string cert, cert_file;
  std::string key, key_file;
  std::string client_ca, client_ca_file;
  ClientAuth client_auth = ClientAuth::none;
  std::vector<std::string> client_allowed_sans;  // DNS, IP, e-mail, URI, exactly; empty: any
  int min_version = 0x0303;                      // as on the wire: TLS 1.2
  int max_version = 0x0304;
  std::vector<std::string> cipher_suites;  // of TLS 1.2, OpenSSL's names; empty: its default
  bool prefer_server_cipher_suites = true;
  std::vector<std::string> curves;  // OpenSSL's names, in the order of preference; or empty
  bool operator==(const TlsServerConfig&) const = default;

  // Any of it given: TLS is wanted.
  bool enabled() const;
};

struct RateLimit {
  Milliseconds interval{0};  // between two requests; 0: no limit
  int burst = 0;             // that many at once
  bool operator==(const RateLimit&) const = default;
};

struct WebConfig {
  TlsServerConfig tls;
  std::vector<std::pair<std::string, std::string>> headers;
  std::map<std::string, std::string> users;  // name to bcrypt hash; empty: everybody
  RateLimit rate_limit;
  bool http2_asked_for = false;  // by name; what is served is HTTP/1.1
};

// Unknown keys and wrong values are errors, each with its line; secrets are never part of them.
// Paths come out relative to the file's folder.
Result<WebConfig> parse_web_config(const std::string& text, const std::string& file);

// What can stand in it, for the reference.
ConfigurationFile web_config_file();

// An error that parsing could not find: at the line where tls_server_config has `key`.
Error tls_fault_at(const std::string& key, const std::string& what, const std::string& text,
                   const std::string& file);

}  // namespace selfheal
