#include "remediator/view/pause_request.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/remediator/samples.h"

namespace selfheal {
namespace {

using testing::HasSubstr;

TEST(PauseRequest, SaysWhatAndForHowLong) {
  const auto pause = parse_pause(
      R"({"scope":"container","host":"box","name":"web","reason":"moving","for":"90s"})", kNow);
  ASSERT_TRUE(pause.ok()) << pause.error().message;
  EXPECT_EQ(pause->pause.target, (PauseTarget{PauseScope::container, "box", "web"}));
  EXPECT_EQ(pause->pause.reason, "moving");
  EXPECT_EQ(pause->pause.began_at, kNow);
  EXPECT_EQ(pause->pause.ends_at, kNow + std::chrono::seconds(90));
  EXPECT_FALSE(pause->ahead);
  EXPECT_TRUE(parse_pause(R"({"scope":"all","ahead":true})", kNow)->ahead);
  const auto endless = parse_pause(R"({"scope":"all"})", kNow);
  ASSERT_TRUE(endless.ok());
  EXPECT_FALSE(endless->pause.ends_at.has_value());
}

TEST(PauseRequest, WhatIsWrongIsNamed) {
  for (const auto& [body, fault] : {
           std::pair{"", "JSON object"},
           {"[]", "JSON object"},
           {"{", "JSON object"},
           {R"({"scope":"all","until":"x"})", "\"until\": unknown"},
           {R"({"scope":1})", "scope: expected a text"},
           {R"({})", "scope: expected"},
           {R"({"scope":"host"})", "host: expected"},
           {R"({"scope":"all","for":"0s"})", "for: expected"},
           {R"({"scope":"all","for":"-1h"})", "for: expected"},
           {R"({"scope":"all","for":"90"})", "for: expected"},
           {R"({"scope":"all","ahead":"yes"})", "ahead: expected true or false"},
       }) {
    const auto pause = parse_pause(body, kNow);
    ASSERT_FALSE(pause.ok()) << body;
    EXPECT_THAT(pause.error().message, HasSubstr(fault)) << body;
  }
  EXPECT_FALSE(
      parse_pause(R"({"scope":"all","reason":")" + std::string(1001, 'x') + "\"}", kNow).ok());
}

TEST(PauseRequest, AResumeHasATargetOnly) {
  const auto target = parse_resume(R"({"scope":"host","host":"box"})");
  ASSERT_TRUE(target.ok());
  EXPECT_EQ(*target, (PauseTarget{PauseScope::host, "box", ""}));
  EXPECT_FALSE(parse_resume(R"({"scope":"all","for":"1h"})").ok());
}

TEST(ResetPath, NamesAHostAndAContainer) {
  const auto name = parse_reset_path("/api/v1/containers/box/web-1/reset");
  ASSERT_TRUE(name.ok());
  EXPECT_EQ(*name, std::pair(std::string("box"), std::string("web-1")));
  const auto service = parse_reset_path("/api/v1/containers/box/service/web/reset");
  ASSERT_TRUE(service.ok());
  EXPECT_EQ(service->second, "service/web");
  for (const char* wrong :
       {"/api/v1/containers/", "/api/v1/containers/reset", "/api/v1/containers//reset",
        "/api/v1/containers/box/reset", "/api/v1/containers/box//reset",
        "/api/v1/containers//web/reset", "/api/v1/containers/box/web",
        "/api/v1/containers/box/web/x/reset", "/api/v1/containers/box/service/web/x/reset",
        "/api/v1/containers/box/service//reset", "/elsewhere/box/web/reset"})
    EXPECT_FALSE(parse_reset_path(wrong).ok()) << wrong;
}

}  // namespace
}  // namespace selfheal
