#include "remediator/act/policy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/remediator/fake_prometheus.h"

namespace selfheal {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(PolicyQuery, AsksForAlertsAndHoldsInOne) {
  EXPECT_EQ(policy_query({"box", "web", "shop/web"}),
            R"(ALERTS{alertstate="firing",remediation!="",host="box",container="web"})"
            R"( and last_over_time(ALERTS{alertstate="firing",remediation!="",host="box")"
            R"(,container="web"}[20s]))"
            R"( or selfheal:hold{host="box",container="web"})"
            R"( or label_replace(time() - selfheal_container_stopping_since_timestamp_seconds)"
            R"({host="box",container="web"} <= 60, "reason", "stopping", "", ""))");
}

TEST(PolicyQuery, AStopIsWaitedForAsLongAsTheContainersOwnTimeout) {
  EXPECT_THAT(policy_query({"box", "web", "web", std::chrono::seconds(120)}),
              testing::HasSubstr(R"(} <= 130, "reason")"));
}

TEST(PolicyQuery, AServiceIsHeldByItsGroup) {
  EXPECT_EQ(
      policy_query({"box", "service/web", "fronts"}),
      R"(ALERTS{alertstate="firing",remediation="service-update",host="box",service="web"})"
      R"( and last_over_time(ALERTS{alertstate="firing",remediation="service-update",host="box")"
      R"(,service="web"}[20s]))"
      R"( or selfheal:hold{host="box",group="fronts",reason!~"last_healthy_member|stopping|storm"})"
      R"( or selfheal:hold{host="box",group="fronts",reason="storm"})"
      R"( unless on (host, group) selfheal:storm_canary)");
}

TEST(ReadPolicy, TellsAlertsFromHolds) {
  const auto answer = read_policy({{{{"__name__", "ALERTS"}, {"alertname", "ProbeFailing"}}, 1},
                                   {{{"__name__", "ALERTS"}, {"alertname", "ContainerDown"}}, 1},
                                   {{{"__name__", "selfheal:hold"}, {"reason", "storm"}}, 1},
                                   {{{"__name__", "selfheal:hold"}, {"reason", "stopping"}}, 1},
                                   {{{"reason", "stopping"}}, 3.5},
                                   {{{"__name__", "selfheal:hold"}}, 1}});
  EXPECT_TRUE(answer.alerts_firing);
  EXPECT_THAT(answer.holds, ElementsAre("storm", "stopping", "unnamed"));
}

TEST(ReadPolicy, NothingIsNeitherFiringNorHeld) {
  const auto answer = read_policy({});
  EXPECT_FALSE(answer.alerts_firing);
  EXPECT_THAT(answer.holds, IsEmpty());
}

TEST(AskPolicy, PassesAFailureOn) {
  FakePrometheus prometheus;
  prometheus.set([](FakePrometheus::State& state) { state.holds = {"storm"}; });
  const auto answer = ask_policy(prometheus, {"box", "web", "shop/web"});
  ASSERT_TRUE(answer.ok());
  EXPECT_TRUE(answer->alerts_firing);
  EXPECT_THAT(answer->holds, ElementsAre("storm"));
  prometheus.set([](FakePrometheus::State& state) { state.down = true; });
  EXPECT_FALSE(ask_policy(prometheus, {"box", "web", "shop/web"}).ok());
}

}  // namespace
}  // namespace selfheal
