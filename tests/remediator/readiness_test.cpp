#include "remediator/view/readiness.h"

#include <cerrno>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/remediator/disk_fault.h"
#include "tests/remediator/workshop.h"

namespace selfheal {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class ReadinessTest : public testing::Test {
 protected:
  std::vector<std::string> against() const { return readiness_->reasons_against(); }
  void watchdog() {
    ReceivedAlert alert;
    alert.fingerprint = "w";
    alert.labels = {{"alertname", "Watchdog"}};
    shop_.accept({alert});
  }
  void start_again() {
    readiness_ =
        std::make_unique<Readiness>(shop_.hosts, *shop_.journal, shop_.settings, shop_.clock);
  }

  Workshop shop_;
  std::unique_ptr<Readiness> readiness_ =
      std::make_unique<Readiness>(shop_.hosts, *shop_.journal, shop_.settings, shop_.clock);
};

TEST_F(ReadinessTest, WithoutAWatchdogNothingIsExpectedOfThePipeline) {
  EXPECT_THAT(against(), IsEmpty());
  shop_.clock.advance(std::chrono::hours(24));
  EXPECT_THAT(against(), IsEmpty());
}

TEST_F(ReadinessTest, AWatchdogThatFallsSilentIsTold) {
  watchdog();
  shop_.clock.advance(minutes(5));
  EXPECT_THAT(against(), IsEmpty());
  shop_.clock.advance(minutes(2));
  EXPECT_THAT(against(),
              ElementsAre("no Watchdog for 7m: Prometheus, its rules or Alertmanager are silent"));
  watchdog();
  EXPECT_THAT(against(), IsEmpty());
}

// What came while there was no process to hear it is nobody's silence.
TEST_F(ReadinessTest, ARestartForgetsNoWatchdogAndBeginsToListen) {
  watchdog();
  shop_.clock.advance(minutes(20));
  start_again();
  EXPECT_THAT(against(), IsEmpty());
  shop_.clock.advance(minutes(5) + seconds(1));
  EXPECT_THAT(against(), ElementsAre(HasSubstr("no Watchdog for 25m1s")));
}

TEST_F(ReadinessTest, HowLongIsConfigured) {
  watchdog();
  RemediatorSettings settings;
  settings.watchdog_max_silence = minutes(1);
  shop_.settings.set(settings);
  shop_.clock.advance(minutes(2));
  EXPECT_THAT(against(), ElementsAre(HasSubstr("no Watchdog for 2m")));
  settings.watchdog_max_silence = Milliseconds(0);
  shop_.settings.set(settings);
  EXPECT_THAT(against(), IsEmpty());
}

TEST_F(ReadinessTest, AJournalThatTakesNothingIsTold) {
  watchdog();
  shop_.clock.advance(minutes(10));
  {
    const DiskFault full(ENOSPC);
    WebhookPayload payload;
    payload.alerts = {Workshop::alert(AlertStatus::firing, shop_.clock.wall_now())};
    EXPECT_FALSE(shop_.intake->accept(payload).ok());
    EXPECT_THAT(against(), ElementsAre(HasSubstr("the journal can't be written: ")))
        << "and a Watchdog could not have been written down";
    EXPECT_THAT(against().front(), HasSubstr("disk is full"));
  }
  watchdog();
  EXPECT_THAT(against(), IsEmpty());
}

TEST_F(ReadinessTest, OneOfSeveralHostsThatDoesNotAnswerIsRemarked) {
  FakeDocker second(shop_.clock);
  second.fail_all(DockerFailureKind::timeout);
  const Milliseconds never_again(3'600'000);
  DockerHosts hosts({borrowed(shop_.docker, "box"), borrowed(second, "web2")}, shop_.clock,
                    never_again);
  hosts.start(Milliseconds(20'000));
  const Readiness readiness(hosts, *shop_.journal, shop_.settings, shop_.clock);
  EXPECT_THAT(readiness.reasons_against(), IsEmpty());
  EXPECT_THAT(readiness.remarks(), ElementsAre("host web2: Docker does not answer"));

  FakeDocker wrong(shop_.clock);
  DockerHosts none({borrowed(second, "web2"), borrowed(wrong, "web1")}, shop_.clock, never_again);
  none.start(Milliseconds(20'000));
  const Readiness not_ready(none, *shop_.journal, shop_.settings, shop_.clock);
  EXPECT_THAT(not_ready.reasons_against(),
              ElementsAre("host web2: Docker does not answer",
                          HasSubstr("host web1: docker.hosts calls the engine at tcp://web1:2376 "
                                    "\"web1\", it calls itself \"box\"")));
  EXPECT_THAT(not_ready.remarks(), IsEmpty());
}

TEST_F(ReadinessTest, AllReasonsAreListed) {
  watchdog();
  shop_.clock.advance(minutes(6));
  const DockerHosts never_asked({borrowed(shop_.docker)}, shop_.clock, Milliseconds(3'600'000));
  Readiness readiness(never_asked, *shop_.journal, shop_.settings, shop_.clock);
  shop_.clock.advance(minutes(6));
  EXPECT_THAT(readiness.reasons_against(),
              ElementsAre("Docker does not answer", HasSubstr("no Watchdog for 12m")));
}

}  // namespace
}  // namespace selfheal
