// What the pages say and, above all, what they don't let through.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "remediator/view/evidence_html.h"
#include "remediator/view/incident_page.h"
#include "remediator/view/overview.h"
#include "remediator/view/page_shell.h"
#include "tests/remediator/page_samples.h"

namespace selfheal {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using testing::HasSubstr;
using testing::Not;
using Json = nlohmann::json;

Overview overview() {
  Overview overview;
  overview.now = kNow + minutes(5);
  overview.max_attempts = 3;
  return overview;
}

TEST(OverviewPage, WithoutAnythingItSaysThatAllIsWell) {
  const std::string html = render(overview());
  EXPECT_THAT(html, HasSubstr("Ready"));
  EXPECT_THAT(html, HasSubstr("What a rule holds back has no incident"));
  EXPECT_THAT(html, HasSubstr("No incident within the last 24 hours"));
  for (const char* absent : {"Not ready", "Paused", "Open breakers", "Dry run"})
    EXPECT_THAT(html, Not(HasSubstr(absent)));
}

TEST(OverviewPage, BeforeTheFirstWatchdogItDoesNotSayThatAlertsComeIn) {
  Overview shown = overview();
  shown.heard = false;
  const std::string html = render(shown);
  EXPECT_THAT(html, HasSubstr("look at Alertmanager's route and token"));
  EXPECT_THAT(html, Not(HasSubstr("alerts come in")));
}

TEST(OverviewPage, ShowsWhatIsOpenAndWhatHoldsIt) {
  Overview shown = overview();
  shown.dry_run = true;
  shown.not_ready = {"Docker does not answer"};
  Incident incident = waiting_incident();
  incident.id = 7;
  incident.reason = "paused";
  incident.detail = "moving house";
  shown.open = {incident};
  shown.open_breakers = {
      {"box", "db", IncidentState::closed, IncidentOutcome::expired, kNow, 3, 2, 3}};
  shown.pauses = {{{PauseScope::host, "box", ""}, "moving", kNow, kNow + minutes(65)},
                  {{}, "", kNow, std::nullopt}};
  const std::string html = render(shown);
  EXPECT_THAT(html, HasSubstr("<li>Docker does not answer</li>"));
  EXPECT_THAT(html, HasSubstr("Dry run"));
  EXPECT_THAT(html, HasSubstr("<a href=\"incidents/7\">#7</a>"));
  EXPECT_THAT(html, HasSubstr("<b>paused</b> moving house"));
  EXPECT_THAT(html, HasSubstr("0 of 3 attempts used"));
  EXPECT_THAT(html, HasSubstr("3 of 3 attempts used, 2 within an hour"));
  EXPECT_THAT(html, HasSubstr("data-post=\"api/v1/containers/box/db/reset\""));
  EXPECT_THAT(html, HasSubstr("<b>host box</b>"));
  EXPECT_THAT(html, HasSubstr("ends in <time"));
  EXPECT_THAT(html, HasSubstr("until it is resumed"));
  EXPECT_THAT(html, HasSubstr("data-body=\"{&quot;scope&quot;:&quot;all&quot;}\""));
}

TEST(OverviewPage, WhatComesFromElsewhereIsEscaped) {
  Overview shown = overview();
  shown.not_ready = {kHostile};
  shown.open = {hostile_incident()};
  shown.open_breakers = {{kHostile, kHostile, IncidentState::waiting, {}, {}, 3, 3, 3}};
  shown.pauses = {{{PauseScope::container, kHostile, kHostile}, kHostile, kNow, std::nullopt}};
  shown.tracks = {track_of(hostile_incident(), {}, shown.now)};
  const std::string html = render(shown);
  EXPECT_TRUE(harmless(html)) << html;
  EXPECT_GE(count_of(html, "&lt;script&gt;"), 9u);
  EXPECT_THAT(html, HasSubstr("api/v1/containers/%3Cscript%3E"));
}

TEST(IncidentPage, TellsAllOfIt) {
  OutcomeRow told;
  told.message.kind = OutcomeKind::recovered;
  told.message.happened_at = kNow + seconds(12);
  told.message.description = "web on box: restarted";
  told.told_at = kNow + seconds(13);
  const std::string html =
      render(IncidentStory{healed_incident(),
                           {{kNow, "wait", "start_grace", "moments ago", "{}"}},
                           {told},
                           {{1, kNow, R"({"logs":{"lines":["serving"],"cut":true}})"}}},
             kNow + minutes(5));
  for (const char* part :
       {"Incident #42: web", "✓</b> recovered", "ProbeFailing", "<b>start_grace</b>", "moments ago",
        "<pre>serving\n</pre>", "Its last lines", "web on box: restarted",
        "2026-01-31 12:00:13.000", "href=\"../api/v1/incidents/42\"", "href=\"../\""})
    EXPECT_THAT(html, HasSubstr(part));
}

TEST(IncidentPage, OfAClosedIncidentItIsTheSameEachTime) {
  const IncidentStory story{healed_incident(), {}, {}, {}};
  EXPECT_EQ(render(story, kNow + minutes(5)), render(story, kNow + minutes(9)));
}

TEST(IncidentPage, WhatComesFromElsewhereIsEscaped) {
  Incident incident = hostile_incident();
  Attempt attempt;
  attempt.number = 1;
  attempt.action = attempt.container_id = attempt.detail = kHostile;
  incident.attempts.push_back(attempt);
  OutcomeRow outcome;
  outcome.message.description = kHostile;
  const std::string evidence =
      Json{{"collected_at", kHostile},
           {"container", {{"state", kHostile}, {"environment", {{kHostile, kHostile}}}}},
           {"logs", {{"lines", {kHostile}}}},
           {"top", {{"titles", {kHostile}}, {"processes", {{kHostile}}}}},
           {"stats", {{kHostile, kHostile}}},
           {"queries", {{kHostile, {{"samples", {{{"labels", {{kHostile, 1}}}}}}}}}}}
          .dump();
  const std::string html = render(
      IncidentStory{
          incident, {{kNow, kHostile, kHostile, kHostile, ""}}, {outcome}, {{1, kNow, evidence}}},
      kNow);
  EXPECT_TRUE(harmless(html)) << html;
  EXPECT_GE(count_of(html, "&lt;script&gt;"), 20u);
}

TEST(EvidenceHtml, IsMadeOfWhateverIsThere) {
  for (const char* odd :
       {"", "no", "[]", "3", "{", "{}",
        R"({"container":3,"logs":[],"top":"x","stats":[1],"queries":7})",
        R"({"logs":{"lines":[1,null,{}]},"top":{"titles":1,"processes":[3,{"a":1}]}})",
        R"({"stats":{"memory_bytes":"much"},"queries":{"a":null,"b":{"samples":[1]}}})",
        R"({"container":{"last_check":{},"command":[1],"environment":{"A":{}}}})"})
    EXPECT_TRUE(harmless(evidence_html(odd))) << odd;
  EXPECT_EQ(evidence_html("no"), "");
  EXPECT_THAT(evidence_html(R"({"top":{"error":"404 <b>"}})"),
              HasSubstr("could not be had: 404 &lt;b&gt;"));
  EXPECT_THAT(evidence_html(R"({"stats":{"memory_bytes":104857600}})"), HasSubstr("100 MiB"));
}

TEST(PageShell, AsksForATokenOnlyWhereThereIsOne) {
  PageShell shell;
  shell.metrics = "/metrics";
  EXPECT_THAT(render(shell, "<p>x"), Not(HasSubstr("password")));
  shell.takes_token = true;
  EXPECT_THAT(render(shell, "<p>x"), HasSubstr("<input type=\"password\""));
  EXPECT_THAT(render(shell, ""), HasSubstr("Reading needs the token"));
}

TEST(PageShell, LoadsOnlyItsOwnFilesAndNamesNothingUnescaped) {
  PageShell shell;
  shell.metrics = "/m\"><script>";
  shell.title = shell.version = kHostile;
  shell.top = "../";
  const std::string html = render(shell, "<p>x");
  EXPECT_TRUE(harmless(html)) << html;
  EXPECT_EQ(count_of(html, "<script"), 1u);
  EXPECT_THAT(html, HasSubstr("src=\"../page.js\""));
  EXPECT_THAT(html, HasSubstr("href=\"../page.css\""));
  for (const char* inlined : {"style=", "onclick", "http://", "https://"})
    EXPECT_THAT(html, Not(HasSubstr(inlined)));
}

}  // namespace
}  // namespace selfheal
