#include "exporter/pages/landing_page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/exporter/table_sample.h"

namespace selfheal {
namespace {

using testing::HasSubstr;
using testing::Not;

size_t count(const std::string& text, const std::string& part) {
  size_t found = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

class LandingPageTest : public testing::Test {
 protected:
  std::string html(TargetFilter filter = {}, std::vector<RecentProbe> recent = {}) {
    return render({.now = at(600),
                   .version = "1.2.3",
                   .telemetry_path = "/metrics",
                   .filter = std::move(filter),
                   .targets = target_rows(table.all),
                   .hosts = table.all.hosts,
                   .recent_probes = std::move(recent)});
  }
  TableSample table;
};

TEST_F(LandingPageTest, WithoutTargetsItSaysWhatToDo) {
  const std::string page = html();
  EXPECT_THAT(page, HasSubstr("selfheal.enable=true"));
  EXPECT_THAT(page, HasSubstr("None was made yet"));
  for (const char* link : {"/metrics", "/api/v1/targets", "/config", "/-/ready"})
    EXPECT_THAT(page, HasSubstr(std::string("href=\"") + link + "\""));
}

TEST_F(LandingPageTest, ARowTellsResultReasonSinceDurationAndWhen) {
  TableSample::fail(table.add_probed("web"), 300, 4, "HTTP 503");
  const std::string page = html();
  EXPECT_THAT(page, HasSubstr("<span class=\"state unhealthy\">unhealthy</span>"));
  EXPECT_THAT(page, HasSubstr("<b>web</b>"));
  EXPECT_THAT(page, HasSubstr("<code>http://:8080/</code>"));
  EXPECT_THAT(page, HasSubstr("<b>status</b> HTTP 503<small>4 failures in a row</small>"));
  EXPECT_THAT(page, HasSubstr(">5 min</time></td><td class=\"num\">2 ms</td>"));
  EXPECT_THAT(page, HasSubstr("<title>1 in trouble · selfheal-exporter</title>"));
}

TEST_F(LandingPageTest, ACrashedContainerTellsHowItEnded) {
  WatchedContainer seen = TableSample::running("web");
  seen.state = ContainerState::exited;
  seen.exit_code = 137;
  seen.finished_at = at(540);
  table.add(seen);
  EXPECT_THAT(html(), HasSubstr("exited with 137"));
}

TEST_F(LandingPageTest, AConfiguredTargetShowsItsLabels) {
  WatchedContainer seen = TableSample::running("shop");
  seen.key.host.clear();
  seen.origin = Origin::configured;
  seen.labels = {{"team", "<blue>"}};
  TableSample::pass(table.add_probe(table.add(seen)), 1);
  EXPECT_THAT(html(), HasSubstr("configured · team=&lt;blue&gt;"));
  EXPECT_THAT(html({"blue", std::nullopt}), HasSubstr("<b>shop</b>"));
}

TEST_F(LandingPageTest, ACertificateThatEndsSoonIsToldOf) {
  ProbeRow& row = table.add_probed("web");
  TableSample::pass(row, 1);
  EXPECT_THAT(html(), Not(HasSubstr("certificate")));
  row.numbers.cert_expiry_s = to_unix_seconds(at(600 + 3 * 86'400));
  EXPECT_THAT(html(), HasSubstr("certificate expires in <time"));
  row.numbers.cert_expiry_s = to_unix_seconds(at(0));
  EXPECT_THAT(html(), HasSubstr("certificate expired <time"));
}

TEST_F(LandingPageTest, WhatComesFromElsewhereIsEscaped) {
  const std::string evil = "<script>alert('\"')</script>";
  WatchedContainer seen = TableSample::running(evil);
  seen.key.host = seen.group = evil + "2";
  change_probe(seen, [&](ProbeSpec& spec) {
    spec.name = evil;
    spec.url.path = "/" + evil;
  });
  TableSample::fail(table.add_probe(table.add(seen)), 1, 1, evil);
  table.add_probed("other");  // another host: hosts are shown
  table.all.hosts[evil].connected = false;
  const ModulePtr module = ModuleSet().find("http_2xx");
  RecentProbe recent{1, evil, module, Milliseconds(1), fail_at(1)};
  recent.result.detail = evil;
  const std::string page = html({evil, std::nullopt}, {recent});
  EXPECT_THAT(page, Not(HasSubstr("<script")));
  EXPECT_GE(count(page, "&lt;script&gt;"), 7U);
}

TEST_F(LandingPageTest, LinksOfTheFilterAreEncoded) {
  table.add_probed("web");
  EXPECT_THAT(html({"we b&", std::nullopt}),
              HasSubstr("href=\"/?health=not%20probed%20yet&amp;q=we%20b%26\""));
}

TEST_F(LandingPageTest, FiveHundredTargetsAndOneThatFails) {
  for (int i = 0; i < 500; ++i) TableSample::pass(table.add_probed("web" + std::to_string(i)), 1);
  TableSample::fail(table.add_probed("zebra"), 1, 3, "");
  const std::string page = html();
  EXPECT_EQ(count(page, "<tr class=\"bad\">"), 1U);
  EXPECT_LT(page.find("<b>zebra</b>"), page.find("<b>web0</b>"));
  EXPECT_THAT(page, HasSubstr("<b>500</b> healthy"));
  EXPECT_EQ(count(html({"web49", std::nullopt}), "<td class=\"num\">"), 11U);
  EXPECT_EQ(count(html({"", TargetVerdict::unhealthy}), "<td class=\"num\">"), 1U);
  EXPECT_THAT(html({"nothing like it", std::nullopt}), HasSubstr("No target is like that"));
}

TEST_F(LandingPageTest, BeyondTheBoundTargetsAreCounted) {
  for (size_t i = 0; i < kMostRows + 7; ++i) table.add_probed("web" + std::to_string(i));
  const std::string page = html();
  EXPECT_EQ(count(page, "<td class=\"num\">"), kMostRows);
  EXPECT_THAT(page, HasSubstr("7 more"));
}

TEST_F(LandingPageTest, RecentProbesLinkToTheirLogs) {
  const ModulePtr module = ModuleSet().find("http_2xx");
  const std::string page =
      html({}, {{12, "http://a", module, Milliseconds(1), pass_at(590)},
                {11, "b:1", module, Milliseconds(1), fail_at(580, ProbeReason::refused)}});
  EXPECT_THAT(page, HasSubstr("href=\"/logs?id=12\""));
  EXPECT_THAT(page, HasSubstr("<span class=\"state failed\">refused</span>"));
  EXPECT_THAT(page, HasSubstr(">10 s</time> ago"));
}

TEST_F(LandingPageTest, ADisconnectedDockerIsSeen) {
  table.all.hosts["host"].connected = false;
  EXPECT_THAT(html(), HasSubstr("not connected"));
}

}  // namespace
}  // namespace selfheal
