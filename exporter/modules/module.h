// A module: how a target is to be probed, in blackbox_exporter's schema, as plain values.
//
// [pure] Immutable once read; probes share it by pointer. The fields are those of
// blackbox_exporter's CONFIGURATION.md under the same names and with the same defaults;
// module_file.* reads them from YAML and writes them back with the secrets masked.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/base/clock.h"
#include "exporter/modules/regexp.h"
#include "exporter/probes/probe_kind.h"

namespace selfheal {

enum class IpProtocol { ip4, ip6 };

struct IpPreference {
  IpProtocol preferred = IpProtocol::ip6;
  bool fallback = true;  // to the other one, where the preferred has no address
  bool operator==(const IpPreference&) const = default;
};

// A password or token: /config shows it as <secret>.
struct Secret {
  std::string text;
  bool operator==(const Secret&) const = default;
};

enum class TlsVersion { tls10, tls11, tls12, tls13 };

struct TlsConfig {
  std::string ca_file;    // empty: the system's
  std::string ca;         // PEM in the file itself
  std::string cert_file;  // the client's certificate and key
  std::string cert;
  std::string key_file;
  Secret key;
  std::string server_name;  // empty: the target's host
  bool insecure_skip_verify = false;
  std::optional<TlsVersion> min_version;
  std::optional<TlsVersion> max_version;
  bool operator==(const TlsConfig&) const = default;
};

struct BasicAuth {
  std::string username;
  Secret password;
  std::string password_file;
  bool operator==(const BasicAuth&) const = default;
};

struct Authorization {
  std::string type = "Bearer";
  Secret credentials;
  std::string credentials_file;
  bool operator==(const Authorization&) const = default;
};

struct HeaderMatch {
  std::string header;
  Regexp regexp;
  bool allow_missing = false;
  bool operator==(const HeaderMatch&) const = default;
};

// `http_headers`: values, secrets and values from files, all sent.
struct HeaderValues {
  std::vector<std::string> values;
  std::vector<Secret> secrets;
  std::vector<std::string> files;
  bool operator==(const HeaderValues&) const = default;
};

struct HttpModule {
  std::string method = "GET";
  std::vector<std::pair<std::string, std::string>> headers;
  std::map<std::string, HeaderValues> http_headers;
  std::string body;
  std::string body_file;
  std::vector<int> valid_status_codes;           // empty: 2xx
  std::vector<std::string> valid_http_versions;  // "HTTP/1.1"; empty: any
  bool follow_redirects = true;
  bool enable_http2 = true;
  bool fail_if_ssl = false;
  bool fail_if_not_ssl = false;
  std::vector<Regexp> fail_if_body_matches_regexp;
  std::vector<Regexp> fail_if_body_not_matches_regexp;
  std::vector<HeaderMatch> fail_if_header_matches;
  std::vector<HeaderMatch> fail_if_header_not_matches;
  std::string compression;       // gzip, br, deflate, identity; empty: as it comes
  uint64_t body_size_limit = 0;  // bytes, after decompression; 0: none
  std::optional<BasicAuth> basic_auth;
  std::optional<Authorization> authorization;
  TlsConfig tls_config;
  std::string proxy_url;
  std::string no_proxy;
  bool proxy_from_environment = false;
  std::map<std::string, std::vector<Secret>> proxy_connect_header;
  bool skip_resolve_phase_with_proxy = false;
  IpPreference ip;
  bool operator==(const HttpModule&) const = default;
};

// One step of a dialogue: what is given is done in the order expect, send, starttls.
struct QueryResponse {
  std::optional<Regexp> expect;  // read lines until one matches
  std::optional<std::string> expect_bytes;
  std::vector<std::pair<std::string, std::string>> labels;  // of probe_expect_info; ${1} is a group
  std::optional<std::string> send;                          // ${1} is a group of the step's expect
  bool starttls = false;
  bool operator==(const QueryResponse&) const = default;
};

struct TcpModule {
  std::vector<QueryResponse> query_response;
  bool tls = false;
  TlsConfig tls_config;
  std::string source_ip_address;
  IpPreference ip;
  bool operator==(const TcpModule&) const = default;
};

struct GrpcModule {
  std::string service;
  bool tls = false;
  TlsConfig tls_config;
  std::map<std::string, std::vector<std::string>> metadata;
  IpPreference ip;
  bool operator==(const GrpcModule&) const = default;
};

struct DnsRecordsCheck {
  std::vector<Regexp> fail_if_matches_regexp;
  std::vector<Regexp> fail_if_all_match_regexp;
  std::vector<Regexp> fail_if_not_matches_regexp;
  std::vector<Regexp> fail_if_none_matches_regexp;
  bool operator==(const DnsRecordsCheck&) const = default;
};

struct DnsModule {
  std::string query_name;
  std::string query_type = "ANY";
  std::string query_class = "IN";
  bool recursion_desired = true;
  std::string transport_protocol = "udp";  // or tcp
  bool dns_over_tls = false;
  TlsConfig tls_config;
  std::string source_ip_address;
  std::vector<std::string> valid_rcodes;  // empty: NOERROR
  DnsRecordsCheck validate_answer_rrs;
  DnsRecordsCheck validate_authority_rrs;
  DnsRecordsCheck validate_additional_rrs;
  IpPreference ip;
  bool operator==(const DnsModule&) const = default;
};

struct IcmpModule {
  std::string source_ip_address;
  int payload_size = 0;
  bool dont_fragment = false;
  int ttl = 64;
  IpPreference ip;
  bool operator==(const IcmpModule&) const = default;
};

struct Module {
  std::string name;
  ProbeKind prober = ProbeKind::http;
  Milliseconds timeout{0};  // 0: the target's, or the scrape's
  HttpModule http;
  TcpModule tcp;
  GrpcModule grpc;
  DnsModule dns;
  IcmpModule icmp;
  // Not empty: what in it this exporter does not do, for a person. Its file loads, so that the
  // other modules work, but no target is probed with it.
  std::string unsupported;
  bool operator==(const Module&) const = default;
};

using ModulePtr = std::shared_ptr<const Module>;

// The modules by name: the built-in ones, and over them those of the configuration file.
class ModuleSet {
 public:
  // http_2xx, http_post_2xx, tcp_connect, grpc, grpc_plain, icmp, dns_tcp, dns_udp, exec,
  // docker_health.
  ModuleSet();
  void add(Module module);
  // Null when there is none of this name.
  ModulePtr find(const std::string& name) const;
  // What a probe of `kind` (for http: of this scheme) is made with where none is named; never null.
  ModulePtr default_for(ProbeKind kind) const;
  const std::map<std::string, ModulePtr>& all() const { return modules_; }

 private:
  std::map<std::string, ModulePtr> modules_;
};

}  // namespace selfheal
