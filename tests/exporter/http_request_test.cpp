// What redirects make of a request, where no server is needed to see it.
#include "exporter/probes/http/http_request.h"

#include <gtest/gtest.h>

#include "tests/exporter/http_probing.h"
#include "tests/support/temp_folder.h"

namespace selfheal {
namespace {

HttpCall call_to(const std::string& target, const Module& module = http_module(),
                 const std::string& hostname = "") {
  SmallFiles files;
  ProbeRequest request = probe_request(module, target);
  request.hostname = hostname;
  const Result<HttpCall> call = first_call(request, files);
  EXPECT_TRUE(call) << (call ? "" : call.error().message);
  return call ? *call : HttpCall{};
}

std::string header_of(const HttpCall& call, const std::string& name) {
  for (const auto& [key, value] : call.headers)
    if (key == name) return value;
  return "";
}

Module with_secrets() {
  return http_module([](HttpModule& http) {
    http.authorization = Authorization{"Bearer", {"secret"}, ""};
    http.headers = {{"Cookie", "a=b"}, {"X-Mine", "1"}};
  });
}

TEST(HttpRequest, TheNameForTlsIsTheModulesTheHeadersOrTheTargets) {
  EXPECT_EQ(call_to("https://web:8443/").server_name, "web");
  EXPECT_EQ(call_to("https://[::1]:8443/").server_name, "::1");
  EXPECT_EQ(call_to("https://web/", http_module(), "shop.example:8443").server_name,
            "shop.example");
  const Module named = http_module([](HttpModule& http) {
    http.headers = {{"Host", "header.example"}};
    http.tls_config.server_name = "module.example";
  });
  EXPECT_EQ(call_to("https://web/", named).server_name, "module.example");
  EXPECT_EQ(call_to("https://web/", named).host_header, "header.example");
}

TEST(HttpRequest, CredentialsFollowToSubdomainsOnly) {
  const HttpCall first = call_to("https://example.org/", with_secrets());
  const auto next = [&](const std::string& location) {
    return *redirected_call(first, first, 302, location);
  };
  EXPECT_EQ(header_of(next("https://www.example.org/"), "Authorization"), "Bearer secret");
  EXPECT_EQ(header_of(next("https://example.org:8443/"), "Authorization"), "Bearer secret");
  for (const char* elsewhere : {"https://badexample.org/", "https://example.com/", "https://org/",
                                "https://example.org.evil.example/"}) {
    EXPECT_EQ(header_of(next(elsewhere), "Authorization"), "") << elsewhere;
    EXPECT_EQ(header_of(next(elsewhere), "Cookie"), "") << elsewhere;
    EXPECT_EQ(header_of(next(elsewhere), "X-Mine"), "1") << elsewhere;
  }
}

TEST(HttpRequest, SecretHeadersFollowToSubdomainsOnly) {
  const TempFolder folder;
  const Module module = http_module([&](HttpModule& http) {
    http.headers = {{"x-key", "of the key's name"}};
    http.http_headers["X-Key"] = {{"one"}, {Secret{"secret"}}, {}};
    http.http_headers["X-Token"] = {{}, {}, {folder.write("token", "secret\n")}};
    http.http_headers["X-Mine"] = {{"1"}, {}, {}};
  });
  const HttpCall first = call_to("https://example.org/", module);
  const HttpCall near = *redirected_call(first, first, 302, "https://www.example.org/");
  EXPECT_EQ(near.headers.size(), first.headers.size() + 1) << "all, and a Referer";
  const HttpCall far = *redirected_call(first, first, 302, "https://example.com/");
  for (const char* name : {"x-key", "X-Key", "X-Token"}) EXPECT_EQ(header_of(far, name), "");
  EXPECT_EQ(header_of(far, "X-Mine"), "1");
  const HttpCall back = *redirected_call(first, far, 302, "https://example.org/");
  EXPECT_EQ(header_of(back, "X-Token"), "secret") << "it is the target's again";
}

TEST(HttpRequest, TheNameForTlsIsOfTheFirstHostAlone) {
  const Module named =
      http_module([](HttpModule& http) { http.tls_config.server_name = "module.example"; });
  const HttpCall first = call_to("https://web/", named);
  EXPECT_EQ(redirected_call(first, first, 302, "/x")->server_name, "module.example");
  EXPECT_EQ(redirected_call(first, first, 302, "https://other/")->server_name, "other");
  EXPECT_EQ(redirected_call(first, first, 302, "https://web:444/")->server_name, "web");
}

TEST(HttpRequest, AHostHeaderOfOursStaysOnlyForRelativeLocations) {
  const HttpCall first = call_to("http://127.0.0.1/", http_module(), "shop.example");
  EXPECT_EQ(redirected_call(first, first, 302, "/x")->host_header, "shop.example");
  EXPECT_EQ(redirected_call(first, first, 302, "http://127.0.0.1/x")->host_header, "");
  EXPECT_EQ(redirected_call(first, first, 302, "//127.0.0.1/x")->host_header, "");
}

TEST(HttpRequest, ARedirectFromHttpsToHttpTellsNobodyWhereItCameFrom) {
  const HttpCall first = call_to("https://web/secret?token");
  EXPECT_EQ(header_of(*redirected_call(first, first, 302, "http://web/"), "Referer"), "");
  EXPECT_EQ(header_of(*redirected_call(first, first, 302, "/x"), "Referer"),
            "https://web/secret?token");
}

}  // namespace
}  // namespace selfheal
