#include "common/http/html_text.h"

#include <gtest/gtest.h>

namespace selfheal {
namespace {

WallTime at(int seconds) {
  return WallTime(std::chrono::seconds(1'700'000'000 + seconds));
}

TEST(HtmlText, NothingGetsOutOfATextOrAnAttribute) {
  EXPECT_EQ(escape_html("a<b>&\"'"), "a&lt;b&gt;&amp;&quot;&#39;");
  EXPECT_EQ(escape_html("größer ✓ 🙂"), "größer ✓ 🙂");
  EXPECT_EQ(escape_html(std::string("a\0b\x1b", 4)),
            "a\xEF\xBF\xBD"
            "b\xEF\xBF\xBD");
}

TEST(HtmlText, BrokenUtf8EatsNothingThatFollows) {
  // A lead byte must not take the < behind it along.
  for (const char* lead : {"\xC3", "\xE2\x82", "\xF0\x9F", "\xFF", "\x80"}) {
    const std::string safe = escape_html(std::string(lead) + "<script>");
    EXPECT_EQ(safe.find('<'), std::string::npos) << safe;
    EXPECT_NE(safe.find("&lt;script&gt;"), std::string::npos) << safe;
  }
}

TEST(HtmlText, WhatTurnsOrHidesTextIsSeen) {
  for (const char* hidden :
       {"\u202E", "\u2066", "\u200B", "\u200F", "\u061C", "\uFEFF", "\u0085", "\u2028", "\u2060"})
    EXPECT_EQ(escape_html(std::string("a") + hidden + "b"), "a\uFFFDb") << hidden;
  EXPECT_EQ(escape_html("“größer” – € \u00A0 …"), "“größer” – € \u00A0 …");
}

TEST(HtmlText, QueriesAreEncoded) {
  EXPECT_EQ(encode_query("a b&c=ü"), "a%20b%26c%3D%C3%BC");
}

TEST(HtmlText, LengthsAtAGlance) {
  using Seconds = std::chrono::duration<double>;
  const auto text = [](double seconds) { return glance(Seconds(seconds)); };
  EXPECT_EQ(text(0), "0 s");
  EXPECT_EQ(text(-3), "0 s");
  EXPECT_EQ(text(0.00034), "340 µs");
  EXPECT_EQ(text(0.0123), "12 ms");
  EXPECT_EQ(text(0.99951), "1.0 s");
  EXPECT_EQ(text(1), "1 s");
  EXPECT_EQ(text(1.24), "1.2 s");
  EXPECT_EQ(text(9.96), "10 s");
  EXPECT_EQ(text(59.6), "1 min");
  EXPECT_EQ(text(3600), "1 h");
  EXPECT_EQ(text(86'400 * 3), "3 d");
}

TEST(HtmlText, TimesShowHowFarAndTellExactly) {
  const std::string html = html_time(at(0), at(300));
  EXPECT_EQ(html,
            "<time datetime=\"2023-11-14T22:13:20.000Z\" title=\"2023-11-14T22:13:20.000Z\">"
            "5 min</time>");
  EXPECT_NE(html_time(at(300), at(0)).find(">5 min<"), std::string::npos);
}

}  // namespace
}  // namespace selfheal
