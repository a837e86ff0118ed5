#include "remediator/act/named_targets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/remediator/engines.h"
#include "tests/remediator/samples.h"
#include "tests/support/fake_docker.h"
#include "tests/support/temp_folder.h"

namespace selfheal {
namespace {

using testing::HasSubstr;

constexpr Milliseconds kLongestWait{20'000};
constexpr Milliseconds kNeverAgain{3'600'000};

class NamedTargetsTest : public testing::Test {
 protected:
  NamedTargetsTest() {
    other_.set_host("other");
    hosts_.start(kLongestWait);
    docker_.add("web");
    docker_.change("web", [](ContainerDetails& web) { web.labels["selfheal.group"] = "shop/web"; });
  }
  std::string unknown(PauseScope scope, const std::string& name, const std::string& host = "box") {
    return targets_.why_unknown({scope, host, name}).value_or("");
  }
  ManualClock clock_;
  TempFolder folder_;
  FakeDocker docker_{clock_};
  FakeDocker other_{clock_};
  DockerHosts hosts_{{borrowed(docker_, "box"), borrowed(other_, "other")}, clock_, kNeverAgain};
  std::unique_ptr<Journal> journal_ = *Journal::open(folder_.path("journal.db"));
  NamedTargets targets_{hosts_, *journal_};
};

TEST_F(NamedTargetsTest, AContainerIsKnownByItsName) {
  EXPECT_EQ(unknown(PauseScope::container, "web"), "");
  EXPECT_THAT(unknown(PauseScope::container, "wbe"), HasSubstr("there is no container wbe on box"));
  EXPECT_THAT(unknown(PauseScope::container, "id-of-web"), HasSubstr("there is no container"));
}

TEST_F(NamedTargetsTest, AGroupIsKnownByALabelOrAnIncident) {
  EXPECT_EQ(unknown(PauseScope::group, "shop/web"), "");
  EXPECT_THAT(unknown(PauseScope::group, "shop/db"), HasSubstr("there is no group shop/db on box"));
  ASSERT_TRUE(journal_
                  ->write([](JournalWriter& writer) {
                    Incident incident = waiting_incident();
                    incident.group = "shop/db";
                    writer.save(incident);
                  })
                  .ok());
  EXPECT_EQ(unknown(PauseScope::group, "shop/db"), "") << "an exporter's override may name it";
}

TEST_F(NamedTargetsTest, AServiceIsKnownByItsName) {
  docker_.add_service("shop");
  EXPECT_EQ(unknown(PauseScope::container, "service/shop"), "");
  EXPECT_THAT(unknown(PauseScope::container, "service/web"), HasSubstr("service/web on box"));
}

TEST_F(NamedTargetsTest, EachHostIsAskedForItsOwn) {
  EXPECT_THAT(unknown(PauseScope::container, "web", "other"),
              HasSubstr("there is no container web on other"));
  other_.add("db");
  EXPECT_EQ(unknown(PauseScope::container, "db", "other"), "");
  EXPECT_THAT(unknown(PauseScope::container, "db"), HasSubstr("there is no container db on box"));
}

TEST_F(NamedTargetsTest, HostsAndEverythingAreNotAskedFor) {
  EXPECT_EQ(unknown(PauseScope::all, ""), "");
  EXPECT_EQ(unknown(PauseScope::host, ""), "");
  EXPECT_EQ(docker_.inspects(), 0);
}

TEST_F(NamedTargetsTest, WhereDockerDoesNotAnswerNobodyCanTell) {
  docker_.fail_all(DockerFailureKind::timeout);
  EXPECT_EQ(unknown(PauseScope::container, "wbe"), "");
  EXPECT_EQ(unknown(PauseScope::group, "wbe"), "");
}

}  // namespace
}  // namespace selfheal
