#include "exporter/probes/http/http_url.h"

#include <gtest/gtest.h>

namespace selfheal {
namespace {

std::string parsed(const std::string& text) {
  const Result<HttpUrl> url = HttpUrl::parse(text);
  return url ? url->text() : "no";
}

std::string resolved(const std::string& from, const std::string& location) {
  const Result<HttpUrl> url = HttpUrl::parse(from)->resolve(location);
  return url ? url->text() : "no";
}

TEST(HttpUrl, IsTakenApart) {
  const HttpUrl url = *HttpUrl::parse("https://us%40er:p%3Ass@[::1]:8443/a%20b?c=d#fragment");
  EXPECT_TRUE(url.tls());
  EXPECT_EQ(url.user, "us@er");
  EXPECT_EQ(url.password, "p:ss");
  EXPECT_EQ(url.host, "::1");
  EXPECT_EQ(url.port, 8443);
  EXPECT_EQ(url.path, "/a%20b?c=d");
  EXPECT_EQ(url.authority(), "[::1]:8443");
  EXPECT_EQ(url.text(), "https://[::1]:8443/a%20b?c=d");
}

TEST(HttpUrl, WithoutASchemeItIsHttp) {
  EXPECT_EQ(parsed("web"), "http://web/");
  EXPECT_EQ(parsed("web:8080/health"), "http://web:8080/health");
  EXPECT_EQ(parsed("127.0.0.1?x"), "http://127.0.0.1/?x");
  EXPECT_EQ(parsed("HTTPS://Web:443"), "https://Web/");
}

TEST(HttpUrl, WhatIsNone) {
  for (const char* text : {"", "http://", "http://host:port/", "http://host:70000/", "http://[::1"})
    EXPECT_EQ(parsed(text), "no") << text;
}

TEST(HttpUrl, WhereALocationLeads) {
  EXPECT_EQ(resolved("http://web:81/a/b?q", "c"), "http://web:81/a/c");
  EXPECT_EQ(resolved("http://web:81/a/b?q", "/c?d"), "http://web:81/c?d");
  EXPECT_EQ(resolved("http://web:81/a/b", "?d"), "http://web:81/a/b?d");
  EXPECT_EQ(resolved("http://web/a/b/c", "../d"), "http://web/a/d");
  EXPECT_EQ(resolved("https://web/", "//other/x"), "https://other/x");
  EXPECT_EQ(resolved("http://web/", "https://other"), "https://other/");
  EXPECT_EQ(resolved("http://web/", "/with blank"), "http://web/with%20blank");
  EXPECT_EQ(resolved("http://web/", "http://[::1"), "no");
}

TEST(HttpUrl, ALocationMayLeadAwayFromHttp) {
  EXPECT_FALSE(HttpUrl::parse("http://web/")->resolve("ftp://other/")->speaks_http());
  EXPECT_FALSE(HttpUrl::parse("http://web/")->resolve("file:///etc/passwd")->speaks_http());
  EXPECT_TRUE(HttpUrl::parse("http://web/")->resolve("https://other/")->speaks_http());
}

}  // namespace
}  // namespace selfheal
