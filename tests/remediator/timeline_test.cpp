#include "remediator/view/timeline.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "remediator/view/timeline_rows.h"
#include "remediator/view/timeline_svg.h"
#include "tests/remediator/page_samples.h"

namespace selfheal {
namespace {

using std::chrono::hours;
using std::chrono::seconds;
using testing::HasSubstr;
using testing::Not;

// "waiting backoff 3-5", in seconds from kNow.
std::string text_of(const Span& span) {
  const auto second = [](WallTime time) {
    return std::to_string(std::chrono::duration_cast<seconds>(time - kNow).count());
  };
  return std::string(to_string(span.kind)) + " " + span.label + " " + second(span.begin) + ".." +
         second(span.end);
}

std::vector<std::string> spans(const Incident& incident, const std::vector<DecisionRow>& decisions,
                               WallTime now) {
  std::vector<std::string> texts;
  for (const Span& span : track_of(incident, decisions, now).spans) texts.push_back(text_of(span));
  return texts;
}

DecisionRow decided(int second, const std::string& verdict, const std::string& reason) {
  return {kNow + seconds(second), verdict, reason, "", ""};
}

TEST(Timeline, AHealedIncidentIsFailingWaitingAttemptAndVerifying) {
  EXPECT_THAT(spans(healed_incident(), {decided(0, "wait", "lease_over"), decided(1, "act", "due")},
                    kNow + hours(1)),
              testing::ElementsAre("failing ProbeFailing -3..3", "waiting lease_over 0..1",
                                   "attempt restart 1 1..2", "verifying verified 2..12"));
}

TEST(Timeline, WaitingIsDividedByItsReasons) {
  EXPECT_THAT(spans(waiting_incident(),
                    {decided(0, "wait", "start_grace"), decided(4, "wait", "paused"),
                     decided(5, "wait", "paused"), decided(6, "refuse", "not_opted_in")},
                    kNow + seconds(9)),
              testing::ElementsAre("failing ProbeFailing -3..9", "waiting start_grace 0..4",
                                   "waiting paused 4..6", "waiting not_opted_in 6..9"));
}

TEST(Timeline, ThatTheClockWasSetIsNoReasonToWait) {
  EXPECT_THAT(
      spans(waiting_incident(), {decided(0, "wait", "paused"), decided(4, "wait", "clock_set")},
            kNow + seconds(9)),
      testing::ElementsAre("failing ProbeFailing -3..9", "waiting paused 0..9"));
}

TEST(Timeline, WhatWasNotJudgedYetIsQueued) {
  EXPECT_THAT(spans(waiting_incident(), {}, kNow + seconds(2)),
              testing::Contains("waiting queued 0..2"));
}

TEST(Timeline, AnAttemptThatFailedAndOneUnderWay) {
  const IncidentSettings settings;
  Incident incident = waiting_incident();
  apply(incident, attempt_on(), kNow + seconds(1), settings);
  apply(incident, AttemptFailed{AttemptResult::action_failed, "no"}, kNow + seconds(2), settings);
  apply(incident, attempt_on(), kNow + seconds(12), settings);
  EXPECT_THAT(spans(incident, {decided(2, "wait", "backoff")}, kNow + seconds(15)),
              testing::ElementsAre("failing ProbeFailing -3..15", "waiting queued 0..1",
                                   "attempt restart 1: action_failed 1..2", "waiting backoff 2..12",
                                   "attempt restart 2 12..15"));
}

TEST(Timeline, NoSpanEndsBeforeItBegins) {
  Incident incident = healed_incident();
  incident.attempts[0].acted_at = kNow - seconds(5);
  incident.alerts[0].starts_at = kNow + seconds(60);  // by another clock
  incident.attempts[0].seen_healthy_at = kNow - seconds(9);
  const Track track = track_of(incident, {}, kNow);
  EXPECT_EQ(track.begin, incident.opened_at);
  for (const Span& span : track.spans) EXPECT_LE(span.begin, span.end) << text_of(span);
}

TEST(Timeline, PlacesAreCutOffAtTheWindow) {
  const Window window{kNow, kNow + seconds(100)};
  const auto at = [&](int begin, int end) {
    return place(kNow + seconds(begin), kNow + seconds(end), window);
  };
  EXPECT_EQ(at(25, 75)->left, 25);
  EXPECT_EQ(at(25, 75)->width, 50);
  EXPECT_EQ(at(-500, 10)->left, 0) << "it began before";
  EXPECT_EQ(at(-500, 10)->width, 10);
  EXPECT_EQ(at(90, 500)->width, 10);
  EXPECT_EQ(at(50, 50)->width, 0);
  EXPECT_EQ(at(60, 50)->width, 0);
  EXPECT_FALSE(at(-20, -10));
  EXPECT_FALSE(at(110, 120));
  EXPECT_FALSE(place(kNow, kNow, Window{kNow, kNow})) << "an empty window";
}

TEST(TimelineSvg, DrawsEachSpanByItsShapeAndTheEndByItsSign) {
  const WallTime now = kNow + seconds(97);
  const std::string svg =
      timeline_svg({track_of(healed_incident(), {}, now)}, {kNow - seconds(3), now});
  EXPECT_THAT(svg, HasSubstr("<rect class=\"failing\" x=\"0.000%\" width=\"6.000%\" y=\"12\" "
                             "height=\"4\"><title>failing: ProbeFailing, 6 s</title>"));
  EXPECT_THAT(svg, HasSubstr("<rect class=\"attempt\" x=\"4.000%\" width=\"1.000%\""));
  EXPECT_THAT(svg, HasSubstr("<rect class=\"verifying\" x=\"5.000%\" width=\"10.000%\""));
  EXPECT_THAT(svg, HasSubstr("<svg class=\"end recovered\" x=\"15.000%\""));
  EXPECT_THAT(svg, HasSubstr("aria-label=\"1 incident: 42 recovered\""));
}

TEST(TimelineSvg, WhatIsOpenEndsNow) {
  const std::string svg = timeline_svg({track_of(waiting_incident(), {}, kNow + seconds(7))},
                                       {kNow - seconds(3), kNow + seconds(7)});
  EXPECT_THAT(svg, HasSubstr("<rect class=\"failing\" x=\"0.000%\" width=\"100.000%\""));
  EXPECT_THAT(svg, HasSubstr("<svg class=\"end open\" x=\"100.000%\""));
}

TEST(TimelineSvg, WhatEndedBeforeTheWindowIsNotDrawn) {
  const std::string svg = timeline_svg({track_of(healed_incident(), {}, kNow + hours(48))},
                                       {kNow + hours(24), kNow + hours(48)});
  EXPECT_THAT(svg, Not(HasSubstr("<rect")));
  EXPECT_THAT(svg, Not(HasSubstr("class=\"end")));
}

TEST(TimelineSvg, TheLegendNamesAllShapes) {
  const std::string html = timeline_legend();
  for (const char* name : {"failing", "waiting or held", "attempt", "verifying", "recovered",
                           "withdrawn", "expired", "open"})
    EXPECT_THAT(html, HasSubstr(std::string("</svg>") + name + "</li>"));
}

TEST(TimelineRows, OneForEachContainerWithItsIncidents) {
  Incident other = healed_incident();
  other.container = "db";
  const WallTime now = kNow + seconds(60);
  std::vector<Track> tracks;
  for (const Incident& incident : {healed_incident(), other, healed_incident()})
    tracks.push_back(track_of(incident, {}, now));
  const std::string html = render_timeline(tracks, now, "");
  EXPECT_EQ(count_of(html, "<details class=\"row\""), 2u);
  EXPECT_THAT(html, HasSubstr("2 incidents"));
  EXPECT_THAT(html, HasSubstr("href=\"incidents/42\""));
  EXPECT_THAT(html, Not(HasSubstr("\" open>"))) << "nothing is going on";
}

TEST(TimelineRows, WithoutIncidentsItSaysSo) {
  EXPECT_THAT(render_timeline({}, kNow, ""), HasSubstr("No incident"));
}

TEST(TimelineRows, WhatComesFromElsewhereIsEscaped) {
  const Track track = track_of(hostile_incident(), {decided(0, "wait", kHostile)}, kNow);
  EXPECT_TRUE(harmless(render_timeline({track}, kNow, "")));
}

}  // namespace
}  // namespace selfheal
