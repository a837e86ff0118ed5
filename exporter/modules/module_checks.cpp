#include "exporter/modules/module_checks.h"

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <string_view>

#include "common/base/ascii_text.h"
#include "common/exposition/metric_text.h"
#include "exporter/modules/accept_encoding.h"
#include "exporter/modules/dns_names.h"

namespace selfheal {
namespace {

bool is_token(std::string_view text) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           kMarks.find(c) != std::string_view::npos;
  });
}

// A line break in a value would begin another header.
bool is_header_value(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) < ' ' && c != '\t') || c == 0x7f;
  });
}

// What Prometheus' client sets itself.
bool is_reserved(std::string_view header) {
  constexpr std::array kReserved{"Authorization",
                                 "Host",
                                 "Content-Encoding",
                                 "Content-Length",
                                 "Content-Type",
                                 "User-Agent",
                                 "Connection",
                                 "Keep-Alive",
                                 "Proxy-Authenticate",
                                 "Proxy-Authorization",
                                 "Www-Authenticate",
                                 "Accept-Encoding",
                                 "X-Prometheus-Remote-Write-Version",
                                 "X-Prometheus-Remote-Read-Version",
                                 "X-Prometheus-Scrape-Timeout-Seconds",
                                 "X-Amz-Date",
                                 "X-Amz-Security-Token",
                                 "X-Amz-Content-Sha256"};
  return std::any_of(kReserved.begin(), kReserved.end(),
                     [&](const char* name) { return same_ignoring_case(header, name); });
}

void check_pair(YamlFields& fields, bool first, bool second, const std::string& key,
                const std::string& other) {
  if (first && second) fields.fault(other, "expected either this or " + key + ", not both");
}

void check_one_line(YamlFields& fields, const std::string& key, std::string_view text) {
  if (!is_header_value(text)) fields.fault(key, "expected a single line");
}

void check_file_name(YamlFields& fields, const std::string& key, std::string_view name) {
  if (name.find('\0') != std::string_view::npos) fields.fault(key, "expected the name of a file");
}

void check_proxy(const HttpModule& http, YamlFields& fields) {
  const bool any = !http.proxy_url.empty() || http.proxy_from_environment;
  check_pair(fields, !http.proxy_url.empty(), http.proxy_from_environment, "proxy_url",
             "proxy_from_environment");
  check_pair(fields, http.proxy_from_environment, !http.no_proxy.empty(), "proxy_from_environment",
             "no_proxy");
  if (!http.no_proxy.empty() && http.proxy_url.empty() && !http.proxy_from_environment)
    fields.fault("no_proxy", "is of no use without proxy_url");
  if (!http.proxy_connect_header.empty() && !any)
    fields.fault("proxy_connect_header",
                 "is of no use without proxy_url or proxy_from_environment");
  // The text is not quoted: it may have a password in it.
  if (!http.proxy_url.empty() &&
      (http.proxy_url.find("://") == std::string::npos || !is_header_value(http.proxy_url)))
    fields.fault("proxy_url", "expected a URL such as http://proxy:3128");
  for (const auto& [name, values] : http.proxy_connect_header) {
    if (!is_token(name))
      fields.fault("proxy_connect_header", "\"" + name + "\" can't be a header's name");
    for (const Secret& value : values) check_one_line(fields, "proxy_connect_header", value.text);
  }
}

void check_headers(const HttpModule& http, YamlFields& fields) {
  for (const auto& [name, value] : http.headers) {
    if (!is_token(name)) fields.fault("headers", "\"" + name + "\" can't be a header's name");
    if (!is_header_value(value)) fields.fault("headers", name + ": expected a single line");
    if (same_ignoring_case(name, "Accept-Encoding") && !accepts_encoding(value, http.compression))
      fields.fault("headers", "\"" + name + ": " + value + "\" does not accept what compression: " +
                                  http.compression + " wants to read");
  }
  for (const auto& [name, values] : http.http_headers) {
    if (!is_token(name))
      fields.fault("http_headers", "\"" + name + "\" can't be a header's name");
    else if (is_reserved(name))
      fields.fault("http_headers", "setting the header " + name + " is not allowed");
  }
}

}  // namespace

void check(const TlsConfig& tls, YamlFields& fields) {
  check_pair(fields, !tls.ca.empty(), !tls.ca_file.empty(), "ca", "ca_file");
  check_pair(fields, !tls.cert.empty(), !tls.cert_file.empty(), "cert", "cert_file");
  check_pair(fields, !tls.key.text.empty(), !tls.key_file.empty(), "key", "key_file");
  check_file_name(fields, "ca_file", tls.ca_file);
  check_file_name(fields, "cert_file", tls.cert_file);
  check_file_name(fields, "key_file", tls.key_file);
  check_one_line(fields, "server_name", tls.server_name);
  const bool cert = !tls.cert.empty() || !tls.cert_file.empty();
  const bool key = !tls.key.text.empty() || !tls.key_file.empty();
  if (cert && !key) fields.fault("a client's certificate needs its key (key or key_file)");
  if (key && !cert) fields.fault("a client's key needs its certificate (cert or cert_file)");
  if (tls.min_version && tls.max_version && *tls.min_version > *tls.max_version)
    fields.fault("min_version", "expected at most max_version");
}

void check(const BasicAuth& auth, YamlFields& fields) {
  check_pair(fields, !auth.password.text.empty(), !auth.password_file.empty(), "password",
             "password_file");
  check_file_name(fields, "password_file", auth.password_file);
  check_one_line(fields, "username", auth.username);
  check_one_line(fields, "password", auth.password.text);
}

void check(const Authorization& authorization, YamlFields& fields) {
  check_pair(fields, !authorization.credentials.text.empty(),
             !authorization.credentials_file.empty(), "credentials", "credentials_file");
  check_file_name(fields, "credentials_file", authorization.credentials_file);
  check_one_line(fields, "credentials", authorization.credentials.text);
  if (same_ignoring_case(authorization.type, "basic"))
    fields.fault("type", "can't be basic; use basic_auth instead");
  else if (!is_token(authorization.type))
    fields.fault("type", "expected one word, such as Bearer");
}

void check(const HeaderValues& values, YamlFields& fields) {
  for (const std::string& value : values.values) check_one_line(fields, "values", value);
  for (const Secret& secret : values.secrets) check_one_line(fields, "secrets", secret.text);
  for (const std::string& file : values.files) check_file_name(fields, "files", file);
}

void check_client(const HttpModule& http, YamlFields& fields) {
  if (http.basic_auth && http.authorization)
    fields.fault("basic_auth",
                 "expected one way to authorize: basic_auth, authorization or bearer_token");
  check_proxy(http, fields);
  check_headers(http, fields);
}

void check(const HttpModule& http, YamlFields& fields) {
  if (!is_token(http.method)) fields.fault("method", "expected one word, such as GET");
  check_pair(fields, !http.body.empty(), !http.body_file.empty(), "body", "body_file");
  check_file_name(fields, "body_file", http.body_file);
  constexpr std::array kCompressions{"", "identity", "gzip", "deflate", "br"};
  if (std::find(kCompressions.begin(), kCompressions.end(), http.compression) ==
      kCompressions.end())
    fields.fault("compression",
                 "expected gzip, br, deflate or identity, not \"" + http.compression + "\"");
  check_client(http, fields);
}

void check(const QueryResponse& step, YamlFields& fields) {
  check_pair(fields, step.expect.has_value(), step.expect_bytes.has_value(), "expect",
             "expect_bytes");
}

void check(const DnsModule& dns, YamlFields& fields) {
  if (dns.query_name.empty()) fields.fault("query_name is missing: the name to ask for");
  if (!dns_type_of(dns.query_type))
    fields.fault("query_type", "\"" + dns.query_type + "\" is no type of DNS records");
  if (!dns_class_of(dns.query_class))
    fields.fault("query_class", "\"" + dns.query_class + "\" is no class of DNS records");
  if (dns.transport_protocol != "udp" && dns.transport_protocol != "tcp")
    fields.fault("transport_protocol",
                 "expected udp or tcp, not \"" + dns.transport_protocol + "\"");
  for (const std::string& rcode : dns.valid_rcodes) {
    if (!rcode_of(rcode))
      fields.fault("valid_rcodes", "\"" + rcode + "\" is no code of a DNS answer");
  }
}

// They become the labels of one series: a faulty one would cost the whole scrape.
void check(const TcpModule& tcp, YamlFields& fields) {
  std::set<std::string> seen;
  for (const QueryResponse& step : tcp.query_response) {
    for (const auto& [name, value] : step.labels) {
      if (!is_label_name(name))
        fields.fault("query_response", "\"" + name +
                                           "\" can't be a label's name: expected letters,"
                                           " digits and _, no digit first");
      else if (!seen.insert(name).second)
        fields.fault("query_response", "the label \"" + name + "\" is there twice");
    }
  }
}

void check(const GrpcModule& grpc, YamlFields& fields) {
  for (const auto& [name, values] : grpc.metadata) {
    if (!is_token(name)) fields.fault("metadata", "\"" + name + "\" can't be a name");
    for (const std::string& value : values) check_one_line(fields, "metadata", value);
  }
}

void check(const IcmpModule&, YamlFields&) {}

}  // namespace selfheal
