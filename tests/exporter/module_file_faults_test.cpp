#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exporter/modules/module_file.h"
#include "tests/exporter/module_file_fixture.h"

namespace selfheal {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

// What is refused, and what is taken with a warning.
class ModuleFileFaults : public ModuleFile {};

TEST_F(ModuleFileFaults, WhatIsNotDoneLoadsWithAWarning) {
  for (const auto& [body, what] : std::map<std::string, std::string>{
           {"prober: http\n    http: {fail_if_body_json_matches_cel: 'body.ok'}", "cel"},
           {"prober: http\n    http: {oauth2: {client_id: x, scopes: [a]}}", "oauth2"},
           {"prober: http\n    http: {proxy_url: 'https://p:1'}", "proxy_url"},
           {"prober: http\n    http: {enable_http3: true, enable_http2: false}", "HTTP/3"},
           {"prober: http\n    http: {basic_auth: {username_file: f}}", "username_file"},
           {"prober: http\n    http: {tls_config: {key_ref: f}}", "key_ref"},
           {"prober: unix\n    unix: {query_response: [{send: PING}], tls: true}", "unix"},
           {"prober: websocket\n    websocket: {http_config: {bearer_token: t}, headers: {A: "
            "{values: [b]}}, query_response: [{expect: x}], preferred_ip_protocol: ip4}",
            "websocket"}}) {
    warnings.clear();
    const ModulePtr loaded = module("    " + body + "\n");
    ASSERT_NE(loaded, nullptr) << body;
    EXPECT_THAT(loaded->unsupported, HasSubstr(what));
    EXPECT_THAT(warnings, ElementsAre(AllOf(StartsWith("module m: "), HasSubstr(what)))) << body;
  }
}

TEST_F(ModuleFileFaults, WarnsOfDnsOverTlsThatCanNeverPass) {
  EXPECT_NE(module("    prober: dns\n    dns: {query_name: a, dns_over_tls: true}\n"), nullptr);
  EXPECT_THAT(warnings, ElementsAre(HasSubstr("transport_protocol: tcp")));
}

TEST_F(ModuleFileFaults, AnUnknownProtocolPreferenceIsTakenForIp4AsByBlackbox) {
  EXPECT_EQ(module("    prober: tcp\n    tcp: {preferred_ip_protocol: ipv4}\n")->tcp.ip.preferred,
            IpProtocol::ip4);
  EXPECT_THAT(warnings, ElementsAre(HasSubstr("preferred_ip_protocol")));
}

// What blackbox_exporter's own bad files are about.
TEST_F(ModuleFileFaults, RefusesWhatBlackboxRefuses) {
  EXPECT_THAT(fault("    prober: dns\n    dns:\n      query_name: a\n      invalid_extra: 1\n"),
              StartsWith("m.yml:6: modules.m.dns.invalid_extra: unknown key"));
  EXPECT_THAT(http_fault("bearer_token: foo, bearer_token_file: foo"), HasSubstr("not both"));
  EXPECT_THAT(http_fault("bearer_token: foo, basic_auth: {username: u}"),
              HasSubstr("one way to authorize"));
  EXPECT_THAT(fault("    prober: dns\n    dns: {preferred_ip_protocol: ip6}\n"),
              HasSubstr("query_name is missing"));
  EXPECT_THAT(fault("    prober: dns\n    dns: {query_name: a, query_class: X}\n"),
              HasSubstr("m.yml:4: modules.m.dns.query_class: \"X\" is no class"));
  EXPECT_THAT(fault("    prober: dns\n    dns: {query_name: a, query_type: X}\n"),
              HasSubstr("query_type: \"X\" is no type"));
  EXPECT_THAT(http_fault("body: a, body_file: b"), HasSubstr("body_file: expected either"));
  EXPECT_THAT(http_fault("fail_if_body_matches_regexp: [':[']"),
              HasSubstr("\":[\" is no regular expression: missing ]"));
  EXPECT_THAT(http_fault("fail_if_body_not_matches_regexp: [':[']"), HasSubstr("missing ]"));
  EXPECT_THAT(http_fault("fail_if_header_matches: [{header: A, regexp: ':['}]"),
              HasSubstr("missing ]"));
  EXPECT_THAT(http_fault("fail_if_header_matches: [{header: A}]"), HasSubstr("regexp is missing"));
  EXPECT_THAT(http_fault("fail_if_header_matches: [{regexp: A}]"), HasSubstr("header is missing"));
  for (const char* accepted : {"deflate", "'*;q=0.0'", "'gzip;q=0, br'"})
    EXPECT_THAT(
        http_fault("compression: gzip, headers: {accEpt-enCoding: " + std::string(accepted) + "}"),
        HasSubstr("does not accept"))
        << accepted;
  for (const char* accepted : {"'br, gzip'", "'br;q=1.0, gzip;q=0.2'", "'*'", "''"})
    EXPECT_EQ(
        http_fault("compression: gzip, headers: {Accept-Encoding: " + std::string(accepted) + "}"),
        "")
        << accepted;
  EXPECT_THAT(http_fault("enable_http3: true"), HasSubstr("enable_http2: false"));
  EXPECT_THAT(
      http_fault("enable_http3: true, enable_http2: false, valid_http_versions: [HTTP/2.0]"),
      HasSubstr("only HTTP/3.0"));
  EXPECT_THAT(http_fault("valid_http_versions: [HTTP/3.0]"), HasSubstr("enable_http3"));
  for (const char* ttl : {"-1", "256"})
    EXPECT_THAT(fault("    prober: icmp\n    icmp: {ttl: " + std::string(ttl) + "}\n"),
                HasSubstr("a whole number from 0 to 255"));
  EXPECT_THAT(fault("    prober: invalid\n"), HasSubstr("modules.m.prober: expected http"));
  EXPECT_THAT(fault("    timeout: 5s\n"), HasSubstr("prober is missing"));
  for (const char* prober : {"tcp", "unix", "websocket"})
    EXPECT_THAT(fault("    prober: " + std::string(prober) + "\n    " + prober +
                      ": {query_response: [{expect: ':['}]}\n"),
                HasSubstr("missing ]"));
  EXPECT_THAT(fault("    prober: tcp\n    tcp: {query_response: [{expect: a, expect_bytes: b}]}\n"),
              HasSubstr("not both"));
}

TEST_F(ModuleFileFaults, LabelsThatWouldSpoilAScrapeAreRefused) {
  const auto labels = [&](const std::string& names) {
    return fault("    prober: tcp\n    tcp: {query_response: [" + names + "]}\n");
  };
  const std::string good = "{expect: a, labels: [{name: a_1, value: b}]}";
  EXPECT_EQ(labels(good), "");
  EXPECT_THAT(labels("{expect: a, labels: [{name: a-b, value: c}]}"),
              HasSubstr("can't be a label's"));
  EXPECT_THAT(labels(good + ", " + good), HasSubstr("\"a_1\" is there twice"));
}

TEST_F(ModuleFileFaults, RefusesWhatCouldNeverPass) {
  EXPECT_THAT(http_fault("method: 'GET /'"), HasSubstr("one word"));
  EXPECT_THAT(http_fault("compression: zip"), HasSubstr("expected gzip"));
  EXPECT_THAT(http_fault("headers: {'A b': c}"), HasSubstr("can't be a header's name"));
  EXPECT_THAT(http_fault("headers: {A: \"b\\r\\nEvil: yes\"}"), HasSubstr("single line"));
  EXPECT_THAT(http_fault("http_headers: {Host: {values: [a]}}"), HasSubstr("not allowed"));
  EXPECT_THAT(http_fault("body_size_limit: lots"), HasSubstr("expected a size such as 10MB"));
  EXPECT_THAT(http_fault("authorization: {type: Basic}"), HasSubstr("use basic_auth"));
  EXPECT_THAT(http_fault("proxy_from_environment: true, proxy_url: 'http://p'"),
              HasSubstr("not both"));
  EXPECT_THAT(http_fault("no_proxy: a"), HasSubstr("proxy_url"));
  EXPECT_THAT(http_fault("proxy_connect_header: {A: [b]}"), HasSubstr("proxy_url"));
  EXPECT_THAT(http_fault("tls_config: {cert_file: a}"), HasSubstr("needs its key"));
  EXPECT_THAT(http_fault("tls_config: {server_name: \"a\\0b\"}"), HasSubstr("single line"));
  EXPECT_THAT(http_fault("tls_config: {min_version: TLS9}"), HasSubstr("TLS13"));
  EXPECT_THAT(http_fault("tls_config: {min_version: TLS13, max_version: TLS12}"),
              HasSubstr("at most"));
  EXPECT_THAT(http_fault("valid_status_codes: [2xx]"), HasSubstr("whole number"));
  EXPECT_THAT(fault("    prober: dns\n    dns: {query_name: a, valid_rcodes: [NOPE]}\n"),
              HasSubstr("NOPE"));
  EXPECT_THAT(fault("    prober: dns\n    dns: {query_name: a, transport_protocol: udp4}\n"),
              HasSubstr("udp or tcp"));
  EXPECT_THAT(fault("    prober: grpc\n    grpc: {metadata: {'a b': [c]}}\n"), HasSubstr("a b"));
  EXPECT_THAT(read("modules: [a]\n").error().message, HasSubstr("expected a mapping"));
  EXPECT_THAT(read("modules: {m: 3}\n").error().message, HasSubstr("expected a mapping"));
}

TEST_F(ModuleFileFaults, FaultsNameFileLineAndKeyAndAreAllTold) {
  const std::string faults = fault(
      "    prober: http\n    http:\n      method: [a]\n      valid_status_codes: [a]\n"
      "      bogus: 1\n  n:\n    prober: nope\n");
  EXPECT_THAT(faults, HasSubstr("m.yml:5: modules.m.http.method: expected text"));
  EXPECT_THAT(faults, HasSubstr("m.yml:6: modules.m.http.valid_status_codes: expected a whole"));
  EXPECT_THAT(faults, HasSubstr("m.yml:7: modules.m.http.bogus: unknown key"));
  EXPECT_THAT(faults, HasSubstr("m.yml:9: modules.n.prober: expected http"));
}

TEST_F(ModuleFileFaults, ErrorsTellNoSecrets) {
  EXPECT_THAT(http_fault("basic_auth: {username: u, password: \"hush\\nx\"}"),
              AllOf(HasSubstr("password"), Not(HasSubstr("hush"))));
  EXPECT_THAT(http_fault("authorization: {credentials: \"hush\\n\"}"), Not(HasSubstr("hush")));
  EXPECT_THAT(http_fault("proxy_url: 'me:hush@proxy'"),
              AllOf(HasSubstr("proxy_url"), Not(HasSubstr("hush"))));
  EXPECT_THAT(http_fault("headers: {Authorization: \"hush\\n\"}"), Not(HasSubstr("hush")));
  EXPECT_THAT(http_fault("basic_auth: {password: [hush]}"), Not(HasSubstr("hush")));
}

}  // namespace
}  // namespace selfheal
