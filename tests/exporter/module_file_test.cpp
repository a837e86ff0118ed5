#include "exporter/modules/module_file.h"

#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/exporter/module_file_fixture.h"

namespace selfheal {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

TEST_F(ModuleFile, WhatIsNotGivenHasBlackboxsDefaults) {
  const ModulePtr plain = module("    prober: http\n    http:\n");
  ASSERT_NE(plain, nullptr);
  Module expected;
  expected.name = "m";
  EXPECT_EQ(*plain, expected);
  EXPECT_EQ(plain->http.method, "GET");
  EXPECT_TRUE(plain->http.follow_redirects);
  EXPECT_EQ(plain->http.ip, (IpPreference{IpProtocol::ip6, true}));
  EXPECT_EQ(plain->icmp.ttl, 64);
  EXPECT_EQ(module("    prober: http\n    http: {method: ''}\n")->http.method, "GET");
}

TEST_F(ModuleFile, ReadsTheOtherProbers) {
  const ModulePtr tcp = module(R"yaml(
    prober: tcp
    tcp:
      tls: true
      source_ip_address: 127.0.0.2
      query_response:
      - expect: "^220 ([^ ]+)"
        labels: [{name: banner, value: "${1}"}]
      - send: "EHLO prober\r"
      - starttls: true
      - send: !!binary AAECAw==
      - expect_bytes: "pong"
      - send: ""
)yaml");
  ASSERT_NE(tcp, nullptr);
  const auto& steps = tcp->tcp.query_response;
  ASSERT_THAT(steps, SizeIs(6));
  EXPECT_TRUE(steps[0].expect->matches("220 here"));
  EXPECT_THAT(steps[0].labels, ElementsAre(std::pair<std::string, std::string>("banner", "${1}")));
  EXPECT_EQ(steps[1].send, "EHLO prober\r");
  EXPECT_TRUE(steps[2].starttls);
  EXPECT_EQ(steps[3].send, std::string("\0\x01\x02\x03", 4));
  EXPECT_EQ(steps[4].expect_bytes, "pong");
  EXPECT_EQ(steps[5], QueryResponse{});

  const ModulePtr dns = module(R"yaml(
    prober: dns
    dns:
      query_name: example.org
      query_type: SOA
      query_class: CH
      recursion_desired: false
      transport_protocol: tcp
      dns_over_tls: true
      valid_rcodes: [NOERROR, NXDOMAIN]
      validate_answer_rrs: {fail_if_none_matches_regexp: ['127\.0\.0\.1']}
)yaml");
  ASSERT_NE(dns, nullptr);
  EXPECT_EQ(dns->dns.query_class, "CH");
  EXPECT_THAT(dns->dns.validate_answer_rrs.fail_if_none_matches_regexp, SizeIs(1));

  const ModulePtr grpc =
      module("    prober: grpc\n    grpc: {service: s, tls: true, metadata: {key: [a, b]}}\n");
  ASSERT_NE(grpc, nullptr);
  EXPECT_THAT(grpc->grpc.metadata.at("key"), ElementsAre("a", "b"));
  const ModulePtr icmp =
      module("    prober: icmp\n    icmp: {ttl: 0, payload_size: 8, dont_fragment: true}\n");
  ASSERT_NE(icmp, nullptr);
  EXPECT_EQ(icmp->icmp.ttl, 0);
}

TEST_F(ModuleFile, TheOlderWaysOfWritingWork) {
  const ModulePtr http =
      module("    prober: http\n    http: {bearer_token: hush, no_follow_redirects: true}\n");
  ASSERT_NE(http, nullptr);
  EXPECT_EQ(http->http.authorization, (Authorization{"Bearer", {"hush"}, ""}));
  EXPECT_FALSE(http->http.follow_redirects);
  EXPECT_THAT(warnings, ElementsAre(HasSubstr("deprecated")));
}

TEST_F(ModuleFile, EveryBuiltInModuleIsThere) {
  for (const char* name : {"http_2xx", "http_post_2xx", "tcp_connect", "grpc", "grpc_plain", "icmp",
                           "dns_tcp", "dns_udp", "exec", "docker_health"})
    EXPECT_NE(ModuleSet().find(name), nullptr) << name;
  EXPECT_EQ(ModuleSet().find("dns_tcp")->dns.transport_protocol, "tcp");
}

constexpr const char* kSecrets = R"yaml(
    prober: http
    http:
      basic_auth: {username: me, password: hush}
      headers: {X-Api-Token: hush, Accept: text}
      http_headers: {X-A: {secrets: [hush]}, X-Auth: {values: [plain]}}
      tls_config: {cert: c, key: hush}
      proxy_url: http://me:hush@proxy:3128
      proxy_connect_header: {A: [hush]}
  g:
    prober: grpc
    grpc: {metadata: {authorization: [hush], other: [plain]}}
)yaml";

TEST_F(ModuleFile, WritesNoSecrets) {
  ASSERT_NE(module(kSecrets), nullptr);
  const std::string text = to_yaml(modules);
  EXPECT_THAT(text, Not(HasSubstr("hush")));
  EXPECT_THAT(text, HasSubstr("password: <secret>"));
  EXPECT_THAT(text, HasSubstr("X-Api-Token: <secret>"));
  EXPECT_THAT(text, HasSubstr("http://<secret>@proxy:3128"));
  EXPECT_THAT(text, HasSubstr("Accept: text"));
  EXPECT_THAT(text, HasSubstr("- plain"));
}

TEST_F(ModuleFile, ReadsBackWhatItWrites) {
  const auto done = read(R"yaml(
modules:
  all:
    prober: http
    timeout: 2s
    http:
      method: HEAD
      headers: {A: 'b: c', 'D': "null"}
      body: "line\nline \u00e4 \" \\ #x"
      valid_status_codes: [200]
      fail_if_body_matches_regexp: ['^a.*(b|c)\s$', '']
      fail_if_header_matches: [{header: A, regexp: b, allow_missing: true}]
      body_size_limit: 10MB
      tls_config: {insecure_skip_verify: true, min_version: TLS10}
      preferred_ip_protocol: ip4
  dialogue:
    prober: tcp
    tcp:
      query_response:
      - expect: "^\\+OK"
        labels: [{name: n, value: "${1}"}]
        send: "a\r"
      - starttls: true
      - send: !!binary AP+A
  soa:
    prober: dns
    dns: {query_name: a, validate_answer_rrs: {fail_if_matches_regexp: ["\t"]}}
  'odd: name':
    prober: icmp
    icmp: {ttl: 5}
)yaml");
  ASSERT_TRUE(done) << done.error().message;
  const ModuleSet before = modules;
  modules = ModuleSet();
  const std::string text = to_yaml(before);
  const auto again = read(text);
  ASSERT_TRUE(again) << again.error().message << "\n" << text;
  EXPECT_THAT(modules.all(), SizeIs(before.all().size()));
  for (const auto& [name, module] : before.all()) EXPECT_EQ(*modules.find(name), *module) << text;
}

TEST_F(ModuleFile, AnchorsAndMergeKeysWork) {
  const auto done = read(
      "modules:\n  base: &base\n    prober: http\n    http: &http {method: HEAD, body: x}\n"
      "  derived:\n    <<: *base\n    http: {<<: *http, method: PUT}\n");
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(modules.find("base")->http.method, "HEAD");
  EXPECT_EQ(modules.find("derived")->http.method, "PUT");
  EXPECT_EQ(modules.find("derived")->http.body, "x");
}

TEST_F(ModuleFile, ItsOwnModulesComeOverTheBuiltInOnes) {
  ASSERT_TRUE(read("modules: {http_2xx: {prober: http, http: {method: HEAD}}}\n"));
  EXPECT_EQ(modules.find("http_2xx")->http.method, "HEAD");
  EXPECT_NE(modules.find("tcp_connect"), nullptr);
  EXPECT_TRUE(read(""));
}

TEST_F(ModuleFile, TheFilesOfAnInstalledBlackboxExporterLoad) {
  int found = 0;
  for (const char* file : {"/etc/prometheus/blackbox.yml",
                           "/usr/share/doc/prometheus-blackbox-exporter/examples/example.yml",
                           "/usr/share/doc/prometheus-blackbox-exporter/examples/blackbox.yml"}) {
    if (!std::filesystem::exists(file)) continue;
    ++found;
    ModuleSet set;
    const auto done =
        read_yaml_file(file, [&](YamlFields& root) { read_modules(root, set, warnings); });
    EXPECT_TRUE(done) << done.error().message;
    EXPECT_NE(set.find("http_2xx"), nullptr);
    for (const auto& [name, module] : set.all()) EXPECT_EQ(module->unsupported, "") << name;
  }
  if (found == 0) GTEST_SKIP() << "prometheus-blackbox-exporter is not installed";
}

}  // namespace
}  // namespace selfheal
