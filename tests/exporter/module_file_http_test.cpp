// The fields of an HTTP module, all of them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/exporter/module_file_fixture.h"

namespace selfheal {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST_F(ModuleFile, ReadsWhatHttpAsks) {
  const ModulePtr read_module = module(R"yaml(
    prober: http
    timeout: 1m30s
    http:
      method: POST
      headers: {Host: example.org, Accept: '*/*'}
      http_headers:
        X-Key: {values: [a, b], secrets: [hush], files: [/f]}
      body: "{\"a\": 1}"
      follow_redirects: no
      enable_http2: false
      compression: gzip
      body_size_limit: 1.5MB
      basic_auth: {username: me, password: hush}
)yaml");
  ASSERT_NE(read_module, nullptr);
  EXPECT_EQ(read_module->timeout, Milliseconds(90'000));
  const HttpModule& http = read_module->http;
  EXPECT_EQ(http.method, "POST");
  EXPECT_THAT(http.headers, ElementsAre(std::pair<std::string, std::string>("Host", "example.org"),
                                        std::pair<std::string, std::string>("Accept", "*/*")));
  EXPECT_EQ(http.http_headers.at("X-Key"), (HeaderValues{{"a", "b"}, {{"hush"}}, {"/f"}}));
  EXPECT_EQ(http.body, "{\"a\": 1}");
  EXPECT_FALSE(http.follow_redirects);
  EXPECT_FALSE(http.enable_http2);
  EXPECT_EQ(http.compression, "gzip");
  EXPECT_EQ(http.body_size_limit, 1'572'864U);
  EXPECT_EQ(http.basic_auth, (BasicAuth{"me", {"hush"}, ""}));
  EXPECT_THAT(warnings, IsEmpty());
  EXPECT_EQ(read_module->unsupported, "");
}

TEST_F(ModuleFile, ReadsWhatHttpExpects) {
  const ModulePtr read_module = module(R"yaml(
    prober: http
    http:
      valid_status_codes: [200, 301]
      valid_http_versions: [HTTP/1.1, HTTP/2.0]
      fail_if_ssl: true
      fail_if_not_ssl: true
      fail_if_body_matches_regexp: [broken, 'not\s+well']
      fail_if_body_not_matches_regexp: [ok]
      fail_if_header_matches: [{header: Via, regexp: squid, allow_missing: true}]
      fail_if_header_not_matches: [{header: Age, regexp: '^0$'}]
)yaml");
  ASSERT_NE(read_module, nullptr);
  const HttpModule& http = read_module->http;
  EXPECT_THAT(http.valid_status_codes, ElementsAre(200, 301));
  EXPECT_THAT(http.valid_http_versions, ElementsAre("HTTP/1.1", "HTTP/2.0"));
  EXPECT_TRUE(http.fail_if_ssl);
  EXPECT_TRUE(http.fail_if_not_ssl);
  ASSERT_THAT(http.fail_if_body_matches_regexp, SizeIs(2));
  EXPECT_TRUE(http.fail_if_body_matches_regexp[1].matches("is not  well"));
  EXPECT_THAT(http.fail_if_body_not_matches_regexp, SizeIs(1));
  ASSERT_THAT(http.fail_if_header_matches, SizeIs(1));
  EXPECT_TRUE(http.fail_if_header_matches[0].allow_missing);
  EXPECT_EQ(http.fail_if_header_not_matches.at(0).header, "Age");
  EXPECT_THAT(warnings, IsEmpty());
  EXPECT_EQ(read_module->unsupported, "");
}

TEST_F(ModuleFile, ReadsHowHttpConnects) {
  const ModulePtr read_module = module(R"yaml(
    prober: http
    http:
      tls_config:
        ca_file: /ca
        cert_file: /cert
        key_file: /key
        server_name: other
        insecure_skip_verify: true
        min_version: TLS12
        max_version: TLS13
      proxy_url: http://proxy:3128
      no_proxy: localhost
      proxy_connect_header: {X-Proxy: [one, two]}
      skip_resolve_phase_with_proxy: true
      preferred_ip_protocol: ip4
      ip_protocol_fallback: false
)yaml");
  ASSERT_NE(read_module, nullptr);
  const HttpModule& http = read_module->http;
  EXPECT_EQ(http.tls_config.ca_file, "/ca");
  EXPECT_EQ(http.tls_config.cert_file, "/cert");
  EXPECT_EQ(http.tls_config.key_file, "/key");
  EXPECT_EQ(http.tls_config.server_name, "other");
  EXPECT_EQ(http.tls_config.min_version, TlsVersion::tls12);
  EXPECT_EQ(http.tls_config.max_version, TlsVersion::tls13);
  EXPECT_TRUE(http.tls_config.insecure_skip_verify);
  EXPECT_EQ(http.proxy_url, "http://proxy:3128");
  EXPECT_EQ(http.no_proxy, "localhost");
  EXPECT_THAT(http.proxy_connect_header.at("X-Proxy"), SizeIs(2));
  EXPECT_TRUE(http.skip_resolve_phase_with_proxy);
  EXPECT_EQ(http.ip, (IpPreference{IpProtocol::ip4, false}));
  EXPECT_THAT(warnings, IsEmpty());
  EXPECT_EQ(read_module->unsupported, "");
}

}  // namespace
}  // namespace selfheal
