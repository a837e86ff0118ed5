#include "exporter/discovery/container_labels.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/docker/opt_in.h"

namespace selfheal {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

ContainerLabels read(const Labels& labels, const ProbeSettings& defaults = {}) {
  return read_container_labels(labels, "web", defaults);
}

std::vector<std::string> faulty(const ContainerLabels& labels) {
  std::vector<std::string> names;
  for (const LabelError& error : labels.errors) names.push_back(error.label);
  return names;
}

TEST(OptedIn, ByEitherLabel) {
  EXPECT_TRUE(opted_in({{"selfheal.enable", "true"}}));
  EXPECT_TRUE(opted_in({{"monitored", "true"}}));
  EXPECT_FALSE(opted_in({}));
  EXPECT_FALSE(opted_in({{"selfheal.enable", "yes"}}));
  EXPECT_FALSE(opted_in({{"monitored", "false"}}));
}

TEST(OptedIn, ASaidNoWins) {
  EXPECT_FALSE(opted_in({{"selfheal.enable", "false"}, {"monitored", "true"}}));
}

TEST(ContainerLabels, WithoutAnyTheDefaultsHold) {
  const ContainerLabels labels = read({});
  ASSERT_THAT(labels.probes, SizeIs(1));
  const ProbeWish& wish = labels.probes.at("default");
  EXPECT_FALSE(wish.url);
  EXPECT_EQ(wish.settings.interval, seconds(15));
  EXPECT_EQ(wish.settings.edge_interval, seconds(5));
  EXPECT_EQ(wish.settings.timeout, seconds(5));
  EXPECT_EQ(wish.settings.failure_threshold, 3);
  EXPECT_EQ(wish.settings.success_threshold, 1);
  EXPECT_EQ(wish.settings.start_period, seconds(10));
  EXPECT_EQ(labels.group, "web");
  EXPECT_THAT(labels.errors, IsEmpty());
}

TEST(ContainerLabels, OnesThatThereAreNotAreToldByTheirName) {
  const ContainerLabels labels = read({{"selfheal.intervall", "1s"},
                                       {"selfheal.colour", "red"},
                                       {"selfheal.group.db", "x"},
                                       {"maintainer", "me"}});
  EXPECT_THAT(faulty(labels),
              ElementsAre("selfheal.colour", "selfheal.group.db", "selfheal.intervall"));
  EXPECT_EQ(labels.errors[2].what, "there is no such label; did you mean selfheal.interval?");
}

TEST(ContainerLabels, FurtherProbesBesideTheDefault) {
  const ContainerLabels labels = read({{"selfheal.probe.db", "tcp://:5432"}});
  ASSERT_THAT(labels.probes, SizeIs(2));
  EXPECT_FALSE(labels.probes.at("default").url);
  EXPECT_EQ(labels.probes.at("db").url->port, 5432);
}

TEST(ContainerLabels, NoneTakesAProbeAway) {
  EXPECT_THAT(read({{"selfheal.probe", "none"}}).probes, IsEmpty());
  const ContainerLabels named = read({{"selfheal.probe", "none"}, {"selfheal.probe.x", "docker:"}});
  EXPECT_THAT(named.probes, SizeIs(1));
  EXPECT_TRUE(named.probes.contains("x"));
}

TEST(ContainerLabels, SettingsHoldForAllProbesUnlessNamed) {
  const ContainerLabels labels = read({{"selfheal.interval", "1s"},
                                       {"selfheal.timeout.db", "200ms"},
                                       {"selfheal.probe.db", "tcp://:5432"},
                                       {"selfheal.failure-threshold", " 5 "},
                                       {"selfheal.module.db", "mine"}});
  const ProbeWish& db = labels.probes.at("db");
  EXPECT_EQ(db.settings.interval, seconds(1));
  EXPECT_EQ(db.settings.timeout, milliseconds(200));
  EXPECT_EQ(db.settings.failure_threshold, 5);
  EXPECT_EQ(db.settings.edge_interval, milliseconds(333));
  EXPECT_EQ(db.module, "mine");
  EXPECT_EQ(labels.probes.at("default").settings.timeout, seconds(5));
  EXPECT_THAT(labels.errors, IsEmpty());
}

TEST(ContainerLabels, AWrongValueKeepsTheDefaultAndIsReportedOnce) {
  const ContainerLabels labels = read({{"selfheal.interval", "15"},
                                       {"selfheal.timeout", "2h"},
                                       {"selfheal.failure-threshold", "0"},
                                       {"selfheal.probe", "http://localhost/"},
                                       {"selfheal.probe.db", "tcp://:5432"}});
  EXPECT_EQ(labels.probes.at("default").settings, labels.probes.at("db").settings);
  EXPECT_EQ(labels.probes.at("default").settings.interval, seconds(15));
  EXPECT_FALSE(labels.probes.at("default").url);
  EXPECT_THAT(faulty(labels),
              testing::UnorderedElementsAre("selfheal.interval", "selfheal.timeout",
                                            "selfheal.failure-threshold", "selfheal.probe"));
  EXPECT_EQ(labels.errors[0].value, "http://localhost/");
}

TEST(ContainerLabels, AnUnreadableFurtherProbeIsLeftOut) {
  const ContainerLabels labels = read({{"selfheal.probe.x", "nonsense"}});
  EXPECT_THAT(labels.probes, SizeIs(1));
  EXPECT_THAT(faulty(labels), ElementsAre("selfheal.probe.x"));
}

TEST(ContainerLabels, ASettingForAProbeThatIsNotThere) {
  EXPECT_THAT(faulty(read({{"selfheal.interval.db", "1s"}})), ElementsAre("selfheal.interval.db"));
  EXPECT_THAT(faulty(read({{"selfheal.module.db", "x"}})), ElementsAre("selfheal.module.db"));
}

TEST(ContainerLabels, NamesOfProbesAreChecked) {
  EXPECT_THAT(faulty(read({{"selfheal.probe.default", "docker:"}})), SizeIs(1));
  EXPECT_THAT(faulty(read({{"selfheal.probe.a b", "docker:"}})), SizeIs(1));
  EXPECT_THAT(faulty(read({{"selfheal.probe.", "docker:"}})), SizeIs(1));
}

TEST(ContainerLabels, AnEdgeIntervalIsNeverLongerThanTheInterval) {
  const ContainerLabels own = read({{"selfheal.interval", "1s"}, {"selfheal.edge-interval", "2s"}});
  EXPECT_EQ(own.probes.at("default").settings.edge_interval, seconds(1));
  EXPECT_THAT(faulty(own), ElementsAre("selfheal.edge-interval"));

  ProbeSettings defaults;
  defaults.edge_interval = seconds(5);
  const ContainerLabels inherited = read({{"selfheal.interval", "3s"}}, defaults);
  EXPECT_EQ(inherited.probes.at("default").settings.edge_interval, seconds(1));
  EXPECT_THAT(inherited.errors, IsEmpty());
}

TEST(ContainerLabels, Actions) {
  EXPECT_EQ(read({{"selfheal.action", "none"}}).action, "none");
  EXPECT_EQ(read({{"selfheal.action", "exec:/bin/fix --now"}}).action, "exec");
  EXPECT_THAT(faulty(read({{"selfheal.action", "reboot"}})), ElementsAre("selfheal.action"));
  EXPECT_THAT(faulty(read({{"selfheal.action", "exec"}})), ElementsAre("selfheal.action"));
  EXPECT_THAT(faulty(read({{"selfheal.action", "restart:now"}})), ElementsAre("selfheal.action"));
}

TEST(ContainerLabels, OneContainerDoesNotTakeTheRoomOfOthers) {
  Labels labels{{"selfheal.group", std::string(201, 'g')}};
  for (int i = 0; i < 100; ++i) labels["selfheal.probe.p" + std::to_string(i)] = "tcp://:80";
  const ContainerLabels found = read(labels);
  EXPECT_EQ(found.group, "web");
  EXPECT_THAT(found.probes, SizeIs(16));
  EXPECT_THAT(found.errors, SizeIs(86));
  EXPECT_EQ(read({{"selfheal.group", std::string(200, 'g')}}).group, std::string(200, 'g'));
}

TEST(ContainerLabels, GroupByLabelThenCompose) {
  const Labels compose{{"com.docker.compose.project", "shop"},
                       {"com.docker.compose.service", "web"}};
  EXPECT_EQ(read(compose).group, "shop/web");
  Labels own = compose;
  own["selfheal.group"] = "fronts";
  EXPECT_EQ(read(own).group, "fronts");
}

TEST(ContainerLabels, TheTasksOfASwarmsServiceAreAGroup) {
  const Labels task{{"com.docker.swarm.service.name", "shop_web"},
                    {"com.docker.swarm.task.name", "shop_web.1.m853"}};
  EXPECT_EQ(read(task).group, "shop_web");
  Labels own = task;
  own["selfheal.group"] = "fronts";
  EXPECT_EQ(read(own).group, "fronts");
}

TEST(ContainerLabels, TheRemediatorsLabelsAreCheckedToo) {
  EXPECT_THAT(faulty(read({{"selfheal.dry-run", "yes"},
                           {"selfheal.stateful", "1"},
                           {"selfheal.stop-timeout", "soon"}})),
              ElementsAre("selfheal.dry-run", "selfheal.stateful", "selfheal.stop-timeout"));
  EXPECT_THAT(faulty(read({{"selfheal.cooldown", "30"},
                           {"selfheal.start-grace", "soon"},
                           {"selfheal.budget-per-hour", "0"},
                           {"selfheal.budget-per-day", "many"}})),
              ElementsAre("selfheal.cooldown", "selfheal.start-grace", "selfheal.budget-per-hour",
                          "selfheal.budget-per-day"));
  EXPECT_THAT(read({{"selfheal.cooldown", "1m"},
                    {"selfheal.start-grace", "0"},
                    {"selfheal.budget-per-hour", "2"},
                    {"selfheal.budget-per-day", "10"}})
                  .errors,
              IsEmpty());
  EXPECT_THAT(read({{"selfheal.dry-run", "true"},
                    {"selfheal.stateful", "false"},
                    {"selfheal.stop-timeout", "30"}})
                  .errors,
              IsEmpty());
}

TEST(ContainerLabels, DependenciesByLabelElseByCompose) {
  const Labels compose{
      {"com.docker.compose.project", "shop"},
      {"com.docker.compose.depends_on", "db:service_healthy:false,cache:service_started:true"}};
  EXPECT_THAT(read(compose).depends_on, ElementsAre("shop/db", "shop/cache"));
  Labels own = compose;
  own["selfheal.depends-on"] = " a, b ,,";
  EXPECT_THAT(read(own).depends_on, ElementsAre("a", "b"));
  EXPECT_THAT(read({{"selfheal.depends-on", ""}}).depends_on, IsEmpty());
}

}  // namespace
}  // namespace selfheal
