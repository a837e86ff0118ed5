#include "remediator/addresses.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace selfheal {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

TEST(BaseUrl, IsTakenWithoutTheSlashesAtItsEnd) {
  for (const auto& [given, taken] :
       {std::pair("http://box:9093", "http://box:9093"), std::pair("http://box/", "http://box"),
        std::pair("https://box/alertmanager//", "https://box/alertmanager"),
        std::pair("http://[::1]:9093/", "http://[::1]:9093"),
        std::pair("http://user:secret@box", "http://user:secret@box")}) {
    const auto url = base_url("--some.url", given);
    ASSERT_TRUE(url.ok()) << given;
    EXPECT_EQ(*url, taken);
  }
}

TEST(BaseUrl, WhatIsNoneIsToldWithItsFlag) {
  for (const char* bad : {"", "box:9093", "http://", "http:///alerts", "https://", "ftp://box", "/",
                          "http://box?a=b", "http://box/#a", "http://box 1", "HTTP//box"}) {
    const auto url = base_url("--some.url", bad);
    ASSERT_FALSE(url.ok()) << bad;
    EXPECT_THAT(url.error().message, HasSubstr("--some.url: \"" + std::string(bad) + "\""));
    EXPECT_THAT(url.error().message, HasSubstr("such as http://127.0.0.1:9093"));
  }
  EXPECT_THAT(base_url("--some.url", "http://user:secret@box?x").error().message,
              Not(HasSubstr("secret")));
}

TEST(OptionalBaseUrl, MayBeEmpty) {
  EXPECT_EQ(*optional_base_url("--some.url", ""), "");
  EXPECT_EQ(*optional_base_url("--some.url", "http://box/"), "http://box");
  EXPECT_FALSE(optional_base_url("--some.url", "box").ok());
}

TEST(BaseUrls, AreAllGoodOrNone) {
  EXPECT_THAT(*base_urls("--some.url", {"http://a/", "http://b"}),
              ElementsAre("http://a", "http://b"));
  EXPECT_THAT(*base_urls("--some.url", {}), ElementsAre());
  const auto bad = base_urls("--some.url", {"http://a", "b"});
  ASSERT_FALSE(bad.ok());
  EXPECT_THAT(bad.error().message, HasSubstr("\"b\""));
}

TEST(WithoutPassword, HidesItAndNothingElse) {
  for (const auto& [url, shown] :
       {std::pair("http://user:secret@box:9093/a", "http://user:***@box:9093/a"),
        std::pair("http://user:p@ss@box", "http://user:***@box"),
        std::pair("http://user@box:9093", "http://user@box:9093"),
        std::pair("http://box:9093/a@b", "http://box:9093/a@b"),
        std::pair("http://box", "http://box"), std::pair("user:secret@box", "user:***@box"),
        std::pair("", "")})
    EXPECT_EQ(without_password(url), shown);
}

TEST(HostOf, IsTheHostAlone) {
  for (const auto& [url, host] :
       {std::pair("http://box:9093/prefix", "box"), std::pair("https://user:p@ss@box", "box"),
        std::pair("http://[2001:db8::1]:9093", "2001:db8::1"),
        std::pair("http://192.0.2.7", "192.0.2.7"), std::pair("http://box/a@b:1", "box"),
        std::pair("", "")})
    EXPECT_EQ(host_of(url), host);
}

TEST(OwnUrl, NamesThisMachine) {
  char name[256] = {};
  ASSERT_EQ(gethostname(name, sizeof(name) - 1), 0);
  EXPECT_EQ(own_url("https", 10116), "https://" + std::string(name) + ":10116");
}

TEST(LoopbackOnly, KeepsOthersOut) {
  EXPECT_THAT(
      *loopback_only({":10116", "127.0.0.1:1", "localhost:2", "[::1]:3", "127.8.8.8:4"}),
      ElementsAre("127.0.0.1:10116", "127.0.0.1:1", "localhost:2", "[::1]:3", "127.8.8.8:4"));
  EXPECT_THAT(*loopback_only({"10116"}), ElementsAre("127.0.0.1:10116"));
  EXPECT_THAT(*loopback_only({"127.0.0.0/8:1", "127.0.0.1/32:2"}),
              ElementsAre("127.0.0.0/8:1", "127.0.0.1/32:2"));
  for (const char* open :
       {"0.0.0.0:1", "[::]:1", "192.168.0.1:1", "example.org:1", "127.0.0.0/7:1", "10.0.3.0/24:1",
        "127.0.0.0/:1", "127.evil.example:1", "localhost.evil.example:1"})
    EXPECT_FALSE(loopback_only({open}).ok()) << open;
}

}  // namespace
}  // namespace selfheal
