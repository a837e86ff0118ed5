// The fields of modules, once, for reading and for writing: which YAML key stands for which member.
//
// `fields` is a ModuleReader's or a ModuleWriter's view of one mapping. value() is a plain field,
// whose kinds module_reader.cpp and module_writer.cpp know; section() a mapping within; inlined()
// members of another struct under keys of this mapping. The text is for the reference. Keys that
// are only read (deprecated ones and those of what this exporter does not do) stand in
// module_reader.cpp.
#pragma once

#include "exporter/modules/module.h"

namespace selfheal {

struct WholeNumbers {
  int lowest;
  int highest;
};

template <class Fields>
void describe(IpPreference*, Fields& fields) {
  fields.value("preferred_ip_protocol", "The addresses that are tried", &IpPreference::preferred);
  fields.value("ip_protocol_fallback", "Whether the other ones are, where there are none of these",
               &IpPreference::fallback);
}

template <class Fields>
void describe(TlsConfig*, Fields& fields) {
  fields.value("ca", "The same in PEM", &TlsConfig::ca);
  fields.value("ca_file",
               "Authorities by which the server's certificate is verified; the system's without it",
               &TlsConfig::ca_file);
  fields.value("cert", "The same in PEM", &TlsConfig::cert);
  fields.value("cert_file", "The client's certificate", &TlsConfig::cert_file);
  fields.value("key", "The same in PEM", &TlsConfig::key);
  fields.value("key_file", "The certificate's key", &TlsConfig::key_file);
  fields.value("server_name", "The name to verify, and to ask for; the target's host without it",
               &TlsConfig::server_name);
  fields.value("insecure_skip_verify", "Whether the server's certificate goes unverified",
               &TlsConfig::insecure_skip_verify);
  fields.value("min_version", "The oldest TLS", &TlsConfig::min_version);
  fields.value("max_version", "The newest TLS", &TlsConfig::max_version);
}

template <class Fields>
void describe(BasicAuth*, Fields& fields) {
  fields.value("username", "Who asks", &BasicAuth::username);
  fields.value("password", "The password", &BasicAuth::password);
  fields.value("password_file", "A file with it", &BasicAuth::password_file);
}

template <class Fields>
void describe(Authorization*, Fields& fields) {
  fields.value("type", "The first word of the header `Authorization`", &Authorization::type);
  fields.value("credentials", "The rest of it", &Authorization::credentials);
  fields.value("credentials_file", "A file with that", &Authorization::credentials_file);
}

template <class Fields>
void describe(HeaderValues*, Fields& fields) {
  fields.value("values", "Values", &HeaderValues::values);
  fields.value("secrets", "Values that nobody is shown", &HeaderValues::secrets);
  fields.value("files", "Files with a value each", &HeaderValues::files);
}

// What blackbox_exporter has from Prometheus' HTTP client.
template <class Fields>
void describe_client(Fields& fields) {
  fields.section("basic_auth", "A user and a password", &HttpModule::basic_auth);
  fields.section("authorization", "A token", &HttpModule::authorization);
  fields.section("tls_config", "How TLS is spoken", &HttpModule::tls_config);
  fields.value("follow_redirects", "Whether redirects are followed", &HttpModule::follow_redirects);
  fields.value("enable_http2", "Whether HTTP/2 is offered", &HttpModule::enable_http2);
  fields.value("http_headers", "More headers, by name", &HttpModule::http_headers);
  fields.value("proxy_url", "The proxy to ask", &HttpModule::proxy_url);
  fields.value("no_proxy", "Hosts, with commas between them, that are asked without it",
               &HttpModule::no_proxy);
  fields.value("proxy_from_environment",
               "Whether the proxy is that of `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY`",
               &HttpModule::proxy_from_environment);
  fields.value("proxy_connect_header", "Sent to the proxy with CONNECT, by name",
               &HttpModule::proxy_connect_header);
}

template <class Fields>
void describe(HttpModule*, Fields& fields) {
  fields.value("method", "Of the request", &HttpModule::method);
  fields.value("headers", "Sent with it", &HttpModule::headers);
  fields.value("body", "Sent with it", &HttpModule::body);
  fields.value("body_file", "A file with it", &HttpModule::body_file);
  fields.value("valid_status_codes", "Any other one fails; without any, what is not 2xx",
               &HttpModule::valid_status_codes, WholeNumbers{0, 999});
  fields.value("valid_http_versions", "Such as `HTTP/1.1`; any other one fails",
               &HttpModule::valid_http_versions);
  fields.value("fail_if_ssl", "Whether an answer over TLS fails", &HttpModule::fail_if_ssl);
  fields.value("fail_if_not_ssl", "Whether an answer without TLS fails",
               &HttpModule::fail_if_not_ssl);
  fields.value("fail_if_body_matches_regexp", "A body that matches any fails",
               &HttpModule::fail_if_body_matches_regexp);
  fields.value("fail_if_body_not_matches_regexp", "A body that does not match all fails",
               &HttpModule::fail_if_body_not_matches_regexp);
  fields.value("fail_if_header_matches", "A header that matches fails",
               &HttpModule::fail_if_header_matches);
  fields.value("fail_if_header_not_matches", "A header that does not match fails",
               &HttpModule::fail_if_header_not_matches);
  fields.value("compression", "`gzip`, `br`, `deflate` or `identity`: how the body is encoded",
               &HttpModule::compression);
  fields.value("body_size_limit", "What a body may have, decompressed; 0: no limit",
               &HttpModule::body_size_limit);
  fields.value("skip_resolve_phase_with_proxy",
               "Whether the target's name is left to the proxy to resolve",
               &HttpModule::skip_resolve_phase_with_proxy);
  describe_client(fields);
  fields.inlined(&HttpModule::ip);
}

template <class Fields>
void describe(QueryResponse*, Fields& fields) {
  fields.value("expect", "Lines are read until one matches", &QueryResponse::expect);
  fields.value("expect_bytes", "The bytes that have to come", &QueryResponse::expect_bytes);
  fields.labels("labels", "Of `probe_expect_info`; `${1}` is a group of `expect`",
                &QueryResponse::labels);
  fields.value("send", "A line to send; `${1}` is a group of `expect`", &QueryResponse::send);
  fields.value("starttls", "Whether TLS begins here", &QueryResponse::starttls);
}

template <class Fields>
void describe(TcpModule*, Fields& fields) {
  fields.value("query_response", "What is said and heard, step by step",
               &TcpModule::query_response);
  fields.value("tls", "Whether it is TLS from the start", &TcpModule::tls);
  fields.section("tls_config", "How TLS is spoken", &TcpModule::tls_config);
  fields.value("source_ip_address", "The address to ask from", &TcpModule::source_ip_address);
  fields.inlined(&TcpModule::ip);
}

template <class Fields>
void describe(GrpcModule*, Fields& fields) {
  fields.value("service", "The service to ask about; without one, the server",
               &GrpcModule::service);
  fields.value("tls", "Whether it is TLS", &GrpcModule::tls);
  fields.section("tls_config", "How TLS is spoken", &GrpcModule::tls_config);
  fields.value("metadata", "Sent with the call, by name", &GrpcModule::metadata);
  fields.inlined(&GrpcModule::ip);
}

template <class Fields>
void describe(DnsRecordsCheck*, Fields& fields) {
  fields.value("fail_if_matches_regexp", "A record that matches any fails",
               &DnsRecordsCheck::fail_if_matches_regexp);
  fields.value("fail_if_all_match_regexp", "Records that all match any fail",
               &DnsRecordsCheck::fail_if_all_match_regexp);
  fields.value("fail_if_not_matches_regexp", "A record that does not match all fails",
               &DnsRecordsCheck::fail_if_not_matches_regexp);
  fields.value("fail_if_none_matches_regexp", "Records of which none matches one fail",
               &DnsRecordsCheck::fail_if_none_matches_regexp);
}

template <class Fields>
void describe(DnsModule*, Fields& fields) {
  fields.value("query_name", "The name to ask for; needed", &DnsModule::query_name);
  fields.value("query_type", "Such as `A`, `MX`", &DnsModule::query_type);
  fields.value("query_class", "Such as `IN`", &DnsModule::query_class);
  fields.value("recursion_desired", "Whether the server may ask others",
               &DnsModule::recursion_desired);
  fields.value("transport_protocol", "`udp` or `tcp`", &DnsModule::transport_protocol);
  fields.value("dns_over_tls", "Whether it is TLS; needs `tcp`", &DnsModule::dns_over_tls);
  fields.section("tls_config", "How TLS is spoken", &DnsModule::tls_config);
  fields.value("source_ip_address", "The address to ask from", &DnsModule::source_ip_address);
  fields.value("valid_rcodes", "Any other one fails; without any, what is not `NOERROR`",
               &DnsModule::valid_rcodes);
  fields.section("validate_answer_rrs", "Of the records of the answer",
                 &DnsModule::validate_answer_rrs);
  fields.section("validate_authority_rrs", "Of those of the authority",
                 &DnsModule::validate_authority_rrs);
  fields.section("validate_additional_rrs", "Of the additional ones",
                 &DnsModule::validate_additional_rrs);
  fields.inlined(&DnsModule::ip);
}

template <class Fields>
void describe(IcmpModule*, Fields& fields) {
  fields.value("source_ip_address", "The address to ask from", &IcmpModule::source_ip_address);
  fields.value("payload_size", "Bytes behind the header", &IcmpModule::payload_size,
               WholeNumbers{0, 65'500});
  fields.value("dont_fragment", "Whether it must not be taken apart; IPv4 only",
               &IcmpModule::dont_fragment);
  fields.value("ttl", "How many hops it may take", &IcmpModule::ttl, WholeNumbers{0, 255});
  fields.inlined(&IcmpModule::ip);
}

template <class Fields>
void describe(Module*, Fields& fields) {
  fields.section("http", "Of the prober `http`", &Module::http);
  fields.section("tcp", "Of the prober `tcp`", &Module::tcp);
  fields.section("icmp", "Of the prober `icmp`", &Module::icmp);
  fields.section("dns", "Of the prober `dns`", &Module::dns);
  fields.section("grpc", "Of the prober `grpc`", &Module::grpc);
}

}  // namespace selfheal
