// The fields of modules, once, for reading and for writing: which YAML key stands for which member.
//
// `fields` is a ModuleReader's or a ModuleWriter's view of one mapping. value() is a plain field,
// whose kinds module_reader.cpp and module_writer.cpp know; section() a mapping within; inlined()
// members of another struct under keys of this mapping. Keys that are only read (deprecated ones
// and those of what this exporter does not do) stand in module_reader.cpp.
#pragma once

#include "exporter/modules/module.h"

namespace selfheal {

struct WholeNumbers {
  int lowest;
  int highest;
};

template <class Fields>
void describe(IpPreference*, Fields& fields) {
  fields.value("preferred_ip_protocol", &IpPreference::preferred);
  fields.value("ip_protocol_fallback", &IpPreference::fallback);
}

template <class Fields>
void describe(TlsConfig*, Fields& fields) {
  fields.value("ca", &TlsConfig::ca);
  fields.value("ca_file", &TlsConfig::ca_file);
  fields.value("cert", &TlsConfig::cert);
  fields.value("cert_file", &TlsConfig::cert_file);
  fields.value("key", &TlsConfig::key);
  fields.value("key_file", &TlsConfig::key_file);
  fields.value("server_name", &TlsConfig::server_name);
  fields.value("insecure_skip_verify", &TlsConfig::insecure_skip_verify);
  fields.value("min_version", &TlsConfig::min_version);
  fields.value("max_version", &TlsConfig::max_version);
}

template <class Fields>
void describe(BasicAuth*, Fields& fields) {
  fields.value("username", &BasicAuth::username);
  fields.value("password", &BasicAuth::password);
  fields.value("password_file", &BasicAuth::password_file);
}

template <class Fields>
void describe(Authorization*, Fields& fields) {
  fields.value("type", &Authorization::type);
  fields.value("credentials", &Authorization::credentials);
  fields.value("credentials_file", &Authorization::credentials_file);
}

template <class Fields>
void describe(HeaderValues*, Fields& fields) {
  fields.value("values", &HeaderValues::values);
  fields.value("secrets", &HeaderValues::secrets);
  fields.value("files", &HeaderValues::files);
}

// What blackbox_exporter has from Prometheus' HTTP client.
template <class Fields>
void describe_client(Fields& fields) {
  fields.section("basic_auth", &HttpModule::basic_auth);
  fields.section("authorization", &HttpModule::authorization);
  fields.section("tls_config", &HttpModule::tls_config);
  fields.value("follow_redirects", &HttpModule::follow_redirects);
  fields.value("enable_http2", &HttpModule::enable_http2);
  fields.value("http_headers", &HttpModule::http_headers);
  fields.value("proxy_url", &HttpModule::proxy_url);
  fields.value("no_proxy", &HttpModule::no_proxy);
  fields.value("proxy_from_environment", &HttpModule::proxy_from_environment);
  fields.value("proxy_connect_header", &HttpModule::proxy_connect_header);
}

template <class Fields>
void describe(HttpModule*, Fields& fields) {
  fields.value("method", &HttpModule::method);
  fields.value("headers", &HttpModule::headers);
  fields.value("body", &HttpModule::body);
  fields.value("body_file", &HttpModule::body_file);
  fields.value("valid_status_codes", &HttpModule::valid_status_codes, WholeNumbers{0, 999});
  fields.value("valid_http_versions", &HttpModule::valid_http_versions);
  fields.value("fail_if_ssl", &HttpModule::fail_if_ssl);
  fields.value("fail_if_not_ssl", &HttpModule::fail_if_not_ssl);
  fields.value("fail_if_body_matches_regexp", &HttpModule::fail_if_body_matches_regexp);
  fields.value("fail_if_body_not_matches_regexp", &HttpModule::fail_if_body_not_matches_regexp);
  fields.value("fail_if_header_matches", &HttpModule::fail_if_header_matches);
  fields.value("fail_if_header_not_matches", &HttpModule::fail_if_header_not_matches);
  fields.value("compression", &HttpModule::compression);
  fields.value("body_size_limit", &HttpModule::body_size_limit);
  fields.value("skip_resolve_phase_with_proxy", &HttpModule::skip_resolve_phase_with_proxy);
  describe_client(fields);
  fields.inlined(&HttpModule::ip);
}

template <class Fields>
void describe(QueryResponse*, Fields& fields) {
  fields.value("expect", &QueryResponse::expect);
  fields.value("expect_bytes", &QueryResponse::expect_bytes);
  fields.labels("labels", &QueryResponse::labels);
  fields.value("send", &QueryResponse::send);
  fields.value("starttls", &QueryResponse::starttls);
}

template <class Fields>
void describe(TcpModule*, Fields& fields) {
  fields.value("query_response", &TcpModule::query_response);
  fields.value("tls", &TcpModule::tls);
  fields.section("tls_config", &TcpModule::tls_config);
  fields.value("source_ip_address", &TcpModule::source_ip_address);
  fields.inlined(&TcpModule::ip);
}

template <class Fields>
void describe(GrpcModule*, Fields& fields) {
  fields.value("service", &GrpcModule::service);
  fields.value("tls", &GrpcModule::tls);
  fields.section("tls_config", &GrpcModule::tls_config);
  fields.value("metadata", &GrpcModule::metadata);
  fields.inlined(&GrpcModule::ip);
}

template <class Fields>
void describe(DnsRecordsCheck*, Fields& fields) {
  fields.value("fail_if_matches_regexp", &DnsRecordsCheck::fail_if_matches_regexp);
  fields.value("fail_if_all_match_regexp", &DnsRecordsCheck::fail_if_all_match_regexp);
  fields.value("fail_if_not_matches_regexp", &DnsRecordsCheck::fail_if_not_matches_regexp);
  fields.value("fail_if_none_matches_regexp", &DnsRecordsCheck::fail_if_none_matches_regexp);
}

template <class Fields>
void describe(DnsModule*, Fields& fields) {
  fields.value("query_name", &DnsModule::query_name);
  fields.value("query_type", &DnsModule::query_type);
  fields.value("query_class", &DnsModule::query_class);
  fields.value("recursion_desired", &DnsModule::recursion_desired);
  fields.value("transport_protocol", &DnsModule::transport_protocol);
  fields.value("dns_over_tls", &DnsModule::dns_over_tls);
  fields.section("tls_config", &DnsModule::tls_config);
  fields.value("source_ip_address", &DnsModule::source_ip_address);
  fields.value("valid_rcodes", &DnsModule::valid_rcodes);
  fields.section("validate_answer_rrs", &DnsModule::validate_answer_rrs);
  fields.section("validate_authority_rrs", &DnsModule::validate_authority_rrs);
  fields.section("validate_additional_rrs", &DnsModule::validate_additional_rrs);
  fields.inlined(&DnsModule::ip);
}

template <class Fields>
void describe(IcmpModule*, Fields& fields) {
  fields.value("source_ip_address", &IcmpModule::source_ip_address);
  fields.value("payload_size", &IcmpModule::payload_size, WholeNumbers{0, 65'500});
  fields.value("dont_fragment", &IcmpModule::dont_fragment);
  fields.value("ttl", &IcmpModule::ttl, WholeNumbers{0, 255});
  fields.inlined(&IcmpModule::ip);
}

template <class Fields>
void describe(Module*, Fields& fields) {
  fields.section("http", &Module::http);
  fields.section("tcp", &Module::tcp);
  fields.section("icmp", &Module::icmp);
  fields.section("dns", &Module::dns);
  fields.section("grpc", &Module::grpc);
}

}  // namespace selfheal
