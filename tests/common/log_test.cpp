#include "common/base/log.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace selfheal::log {
namespace {

constexpr const char* kTime = "2026-01-31T12:00:00.123Z";

std::string logfmt(std::string_view value) {
  return render(Format::logfmt, "T", Level::info, "m", {{"k", std::string(value)}});
}

TEST(Logfmt, IsOneLineOfPairs) {
  EXPECT_EQ(render(Format::logfmt, kTime, Level::warn, "label can't be used",
                   {{"container", "web"}, {"err", "no such thing"}}),
            "time=2026-01-31T12:00:00.123Z level=warn msg=\"label can't be used\" container=web "
            "err=\"no such thing\"");
  EXPECT_EQ(render(Format::logfmt, "T", Level::error, "word", {}), "time=T level=error msg=word");
}

TEST(Logfmt, QuotesOnlyWhereItMust) {
  EXPECT_EQ(logfmt("web-1"), "time=T level=info msg=m k=web-1");
  EXPECT_EQ(logfmt("http://web:80/a?b"), "time=T level=info msg=m k=http://web:80/a?b");
  EXPECT_EQ(logfmt(""), "time=T level=info msg=m k=\"\"");
  EXPECT_EQ(logfmt("a=b"), "time=T level=info msg=m k=\"a=b\"");
  EXPECT_EQ(logfmt("a b"), "time=T level=info msg=m k=\"a b\"");
}

// A name or a reply that strangers chose must not forge a line or steer a terminal.
TEST(Logfmt, HostileTextStaysOnItsLine) {
  EXPECT_EQ(logfmt("x\ntime=T level=error msg=forged"),
            "time=T level=info msg=m k=\"x\\ntime=T level=error msg=forged\"");
  EXPECT_EQ(logfmt("\" fake=\""), "time=T level=info msg=m k=\"\\\" fake=\\\"\"");
  EXPECT_EQ(logfmt("back\\slash"), "time=T level=info msg=m k=\"back\\\\slash\"");
  EXPECT_EQ(logfmt("\x1b[31mred\r\x7f"), "time=T level=info msg=m k=\"\\x1b[31mred\\x0d\\x7f\"");
  EXPECT_EQ(logfmt(std::string_view("nul\0byte", 8)), "time=T level=info msg=m k=\"nul\\x00byte\"");
}

TEST(Json, IsOneObjectALine) {
  const std::string line =
      render(Format::json, kTime, Level::debug, "m", {{"container", "web"}, {"n", "3"}});
  EXPECT_EQ(
      line,
      R"({"time":"2026-01-31T12:00:00.123Z","level":"debug","msg":"m","container":"web","n":"3"})");
}

TEST(Json, EscapesWhatEndsAString) {
  const std::string hostile = "\"}\n{\"level\":\"error";
  const std::string line = render(Format::json, "T", Level::info, "m", {{"k", hostile}});
  EXPECT_EQ(line.find('\n'), std::string::npos);
  EXPECT_EQ(nlohmann::json::parse(line)["k"], hostile);
}

TEST(Json, SurvivesInvalidUtf8) {
  const std::string line = render(Format::json, "T", Level::info, "m", {{"k", "a\xff\xc3z"}});
  const auto parsed = nlohmann::json::parse(line);
  EXPECT_EQ(parsed["k"], "a\uFFFD\uFFFDz");
}

TEST(ParseLevel, KnowsItsFour) {
  EXPECT_EQ(*parse_level("debug"), Level::debug);
  EXPECT_EQ(*parse_level("error"), Level::error);
  EXPECT_EQ(parse_level("verbose").error().message,
            "\"verbose\" is not one of debug, info, warn, error");
}

TEST(ParseFormat, KnowsItsTwo) {
  EXPECT_EQ(*parse_format("logfmt"), Format::logfmt);
  EXPECT_EQ(*parse_format("json"), Format::json);
  EXPECT_FALSE(parse_format("xml").ok());
}

TEST(Write, GoesToStderrFromTheLevelOn) {
  testing::internal::CaptureStderr();
  configure(Level::warn, Format::json);
  info("too quiet");
  warn("loud", {{"k", "v"}});
  configure(Level::info, Format::logfmt);
  const std::string written = testing::internal::GetCapturedStderr();
  EXPECT_EQ(written.find("too quiet"), std::string::npos);
  const auto line = nlohmann::json::parse(written);
  EXPECT_EQ(line["msg"], "loud");
  EXPECT_EQ(line["k"], "v");
}

}  // namespace
}  // namespace selfheal::log
