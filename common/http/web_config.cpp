#include "common/http/web_config.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <regex>

#include "common/base/yaml_fields.h"
#include "common/http/tls_names.h"

namespace selfheal {
namespace {

constexpr std::array<std::pair<std::string_view, ClientAuth>, 6> kClientAuths{{
    {"NoClientCert", ClientAuth::none},
    {"RequestClientCert", ClientAuth::request},
    {"RequireAnyClientCert", ClientAuth::require_any},
    {"VerifyClientCertIfGiven", ClientAuth::verify_if_given},
    {"RequireAndVerifyClientCert", ClientAuth::require_and_verify},
    {"RequireClientCert", ClientAuth::require_any},  // its name in old files
}};

struct AllowedHeader {
  const char* name;
  std::vector<std::string_view> values;  // empty: any
};
const std::array<AllowedHeader, 5> kHeaders{{{"Content-Security-Policy", {}},
                                             {"X-Frame-Options", {"deny", "sameorigin"}},
                                             {"X-Content-Type-Options", {"nosniff"}},
                                             {"X-XSS-Protection", {}},
                                             {"Strict-Transport-Security", {}}}};

bool is_bcrypt_hash(const std::string& text) {
  static const std::regex form("\\$2[aby]\\$(0[4-9]|[12][0-9]|3[01])\\$[./A-Za-z0-9]{53}");
  return std::regex_match(text, form);
}

std::string in_folder_of(const std::string& file, const std::string& path) {
  if (path.empty()) return path;
  return (std::filesystem::path(file).parent_path() / path).string();
}

// A name of `table`, translated; the error lists them all. What holds without it is `value`.
template <class Value, size_t N>
void read_name(YamlFields& fields, const YamlKey& key,
               const std::array<std::pair<std::string_view, Value>, N>& table, Value& value) {
  std::string names;
  std::string usual;
  for (const auto& [name, meant] : table) {
    names += (names.empty() ? "" : ", ") + std::string(name);
    if (meant == value && usual.empty()) usual = "`" + std::string(name) + "`";
  }
  fields.read({key.name, key.about, usual}, "one of " + names,
              [&](const std::string& text) -> Outcome<> {
                if (text.empty()) return Done{};
                for (const auto& [name, meant] : table) {
                  if (name != text) continue;
                  value = meant;
                  return Done{};
                }
                return Error{"expected one of " + names + ", not \"" + text + "\""};
              });
}

template <class Translate>
void read_names(YamlFields& fields, const YamlKey& key, std::vector<std::string>& names,
                Translate translate, const std::string& all) {
  fields.each(key, "a list of names", [&](const std::string& text) -> Outcome<> {
    const std::optional<std::string> known = translate(text);
    if (!known) return Error{"expected some of " + all + ", not \"" + text + "\""};
    names.push_back(*known);
    return Done{};
  });
}

void check_pair(YamlFields& fields, const std::string& text, const std::string& text_key,
                const std::string& path) {
  if (!text.empty() && !path.empty())
    fields.fault(text_key, "expected either this or " + text_key + "_file");
}

void check_whole(YamlFields& fields, const TlsServerConfig& tls) {
  check_pair(fields, tls.cert, "cert", tls.cert_file);
  check_pair(fields, tls.key, "key", tls.key_file);
  check_pair(fields, tls.client_ca, "client_ca", tls.client_ca_file);
  if (!tls.enabled()) return;
  const bool has_ca = !tls.client_ca.empty() || !tls.client_ca_file.empty();
  if (tls.cert.empty() && tls.cert_file.empty())
    fields.fault("cert_file", "expected the server's certificate, here or as cert");
  if (tls.key.empty() && tls.key_file.empty())
    fields.fault("key_file", "expected the certificate's key, here or as key");
  if (has_ca && tls.client_auth == ClientAuth::none)
    fields.fault("client_auth_type", "client_ca_file is of no use without one that verifies");
  // exporter-toolkit would let in whoever has a certificate of any public authority.
  if (tls.client_auth == ClientAuth::require_and_verify && !has_ca)
    fields.fault("client_ca_file", "client_auth_type needs one to verify certificates with");
  if (tls.min_version > tls.max_version)
    fields.fault("min_version", "expected at most max_version");
}

void read_certificates(YamlFields& fields, TlsServerConfig& tls, const std::string& file) {
  fields.read({"cert", "The server's certificate in PEM, in the place of `cert_file`"}, tls.cert);
  fields.read({"key", "Its key in PEM, in the place of `key_file`"}, tls.key);
  fields.read({"client_ca", "As `client_ca_file`, in PEM"}, tls.client_ca);
  const auto read_path = [&](const YamlKey& key, std::string& path) {
    fields.read(key, path);
    path = in_folder_of(file, path);
  };
  read_path({"cert_file", "The server's certificate, with its intermediates"}, tls.cert_file);
  read_path({"key_file", "Its key"}, tls.key_file);
  read_path({"client_ca_file", "The authorities by which clients' certificates are verified"},
            tls.client_ca_file);
}

void read_tls(YamlFields& fields, TlsServerConfig& tls, const std::string& file) {
  read_certificates(fields, tls, file);
  read_name(fields, {"client_auth_type", "Whether clients need a certificate"}, kClientAuths,
            tls.client_auth);
  fields.read({"client_allowed_sans",
               "A client's certificate has to have one of these names: DNS, IP, e-mail or URI"},
              tls.client_allowed_sans);
  read_name(fields, {"min_version", "The oldest TLS"}, kTlsVersions, tls.min_version);
  read_name(fields, {"max_version", "The newest TLS"}, kTlsVersions, tls.max_version);
  read_names(fields, {"cipher_suites", "Of TLS 1.2, by Go's names", "OpenSSL's"}, tls.cipher_suites,
             cipher_suite, cipher_suite_names());
  read_names(fields, {"curve_preferences", "By Go's names", "OpenSSL's"}, tls.curves, curve,
             curve_names());
  fields.read({"prefer_server_cipher_suites", "Whether the server's order of suites counts"},
              tls.prefer_server_cipher_suites);
  check_whole(fields, tls);
}

void read_headers(YamlFields& fields, WebConfig& config) {
  for (const AllowedHeader& header : kHeaders) {
    std::string value;
    fields.read({header.name, "Sent with every answer"}, value);
    if (value.empty()) continue;
    const auto& allowed = header.values;
    if (value.find_first_of("\r\n") != std::string::npos)
      fields.fault(header.name, "expected a single line");
    else if (!allowed.empty() && std::find(allowed.begin(), allowed.end(), value) == allowed.end())
      fields.fault(header.name, "expected " + std::string(allowed.front()) +
                                    (allowed.size() > 1 ? " or " + std::string(allowed[1]) : ""));
    else
      config.headers.emplace_back(header.name, value);
  }
}

void read_users(YamlFields& fields, std::map<std::string, std::string>& users) {
  for (const std::string& name : fields.keys()) {
    const YamlKey user(name, "Of the user's password, as `htpasswd -nBC 10 NAME` makes it");
    fields.read(user, "a bcrypt hash", [&](const std::string& hash) -> Outcome<> {
      if (!is_bcrypt_hash(hash)) return Error{"expected a bcrypt hash, as htpasswd -nB makes it"};
      users.emplace(name, hash);
      return Done{};
    });
  }
}

void read_root(YamlFields& root, WebConfig& config, const std::string& file) {
  root.section(
      {"tls_server_config", "TLS, where any of it is given; turning it on takes a restart"},
      [&](YamlFields& fields) { read_tls(fields, config.tls, file); });
  root.section({"http_server_config", "How it is answered"}, [&](YamlFields& fields) {
    fields.read({"http2", "Loads, but HTTP/1.1 is served"}, config.http2_asked_for);
    fields.section({"headers", "Of answers"},
                   [&](YamlFields& headers) { read_headers(headers, config); });
  });
  root.section({"rate_limit", "Requests beyond it get 429"}, [&](YamlFields& fields) {
    fields.read({"interval", "Between two requests in the long run; 0: no limit"},
                config.rate_limit.interval, Milliseconds(0), Milliseconds(3'600'000));
    fields.read({"burst", "That many at once"}, config.rate_limit.burst, 0, 1'000'000);
  });
  root.section({"basic_auth_users", "Who may ask; without any, everybody"},
               [&](YamlFields& fields) { read_users(fields, config.users); });
}

}  // namespace

bool TlsServerConfig::enabled() const {
  return !cert.empty() || !cert_file.empty() || !key.empty() || !key_file.empty() ||
         !client_ca.empty() || !client_ca_file.empty() || client_auth != ClientAuth::none;
}

Result<WebConfig> parse_web_config(const std::string& text, const std::string& file) {
  WebConfig config;
  const Outcome<> read =
      read_yaml_text(text, file, [&](YamlFields& root) { read_root(root, config, file); });
  if (!read) return read.error();
  return config;
}

ConfigurationFile web_config_file() {
  WebConfig usual;
  return {
      "--web.config.file",
      "The schema is exporter-toolkit's, and the file is the same for both daemons. It and what "
      "it names are read again when they change.",
      describe_yaml([&](YamlFields& root) { read_root(root, usual, ""); })};
}

Error tls_fault_at(const std::string& key, const std::string& what, const std::string& text,
                   const std::string& file) {
  YamlFaults faults(file);
  const auto tree = YamlTree::parse(text);
  const YamlNode* tls = tree ? tree->root().find("tls_server_config") : nullptr;
  YamlFields fields(tls, "tls_server_config", faults);
  for (const std::string& there : fields.keys()) fields.skip(there);
  fields.fault(key, what);
  return Error{faults.text()};
}

}  // namespace selfheal
