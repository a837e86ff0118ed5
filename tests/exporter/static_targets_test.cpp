#include "exporter/discovery/static_targets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace selfheal {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class StaticTargets : public testing::Test {
 protected:
  StaticTargets() {
    Module patient;
    patient.name = "patient";
    patient.timeout = Milliseconds(9'000);
    discovery.modules.add(patient);
  }
  Outcome<> read(const std::string& yaml) {
    return read_yaml_text(yaml, "f.yml",
                          [&](YamlFields& root) { targets = read_targets(root, discovery); });
  }
  std::string fault(const std::string& fields) {
    const auto done = read("targets:\n- name: a\n  " + fields + "\n");
    return done ? "" : done.error().message;
  }
  TargetList list(const std::string& items) {
    EXPECT_TRUE(read("targets: [" + items + "]"));
    return targets;
  }
  const ProbeSpec& probe(size_t at = 0) const { return *targets.at(at)->probes.at(0); }

  DiscoverySettings discovery;
  TargetList targets;
};

TEST_F(StaticTargets, AreValuesAsContainersAreButNoContainers) {
  ASSERT_TRUE(read("targets:\n- {name: shop, url: 'https://shop.example/health?x=1'}\n"));
  ASSERT_THAT(targets, SizeIs(1));
  const WatchedContainer& shop = *targets[0];
  EXPECT_EQ(shop.origin, Origin::configured);
  EXPECT_EQ(shop.key, (ContainerKey{"", "shop"}));
  EXPECT_EQ(shop.group, "shop");
  EXPECT_TRUE(shop.running());
  EXPECT_EQ(shop.id, "");
  ASSERT_THAT(shop.probes, SizeIs(1));
  EXPECT_EQ(probe().name, "default");
  EXPECT_EQ(probe().url.host, "shop.example");
  EXPECT_EQ(probe().url.path, "/health?x=1");
  EXPECT_EQ(probe().module->name, "http_2xx");
  EXPECT_THAT(probe().endpoints, IsEmpty());
}

TEST_F(StaticTargets, HaveAllThatCanBeSaid) {
  ASSERT_TRUE(read(R"(
targets:
- name: shop
  url: http://shop:8080/
  module: patient
  group: shops
  labels: {team: blue, empty: ''}
  interval: 30s
  edge_interval: 2s
  timeout: 3s
  failure_threshold: 5
  success_threshold: 2
)"));
  EXPECT_EQ(targets[0]->group, "shops");
  EXPECT_EQ(targets[0]->labels, (Labels{{"team", "blue"}}));
  EXPECT_EQ(probe().module->name, "patient");
  EXPECT_EQ(probe().settings,
            (ProbeSettings{seconds(30), seconds(2), seconds(3), 5, 2, seconds(0)}));
}

TEST_F(StaticTargets, DefaultsAndTheModulesTimeoutHold) {
  discovery.defaults.interval = seconds(8);
  discovery.defaults.edge_interval = seconds(4);
  discovery.defaults.failure_threshold = 7;
  list("{name: a, url: 'http://a/'}, {name: b, url: 'http://b/', module: patient, interval: 3s}");
  EXPECT_EQ(probe(0).settings.interval, seconds(8));
  EXPECT_EQ(probe(0).settings.edge_interval, seconds(4));
  EXPECT_EQ(probe(0).settings.timeout, seconds(5));
  EXPECT_EQ(probe(0).settings.failure_threshold, 7);
  EXPECT_EQ(probe(1).settings.timeout, seconds(9));
  EXPECT_EQ(probe(1).settings.edge_interval, seconds(1)) << "that of the defaults is too long";
}

TEST_F(StaticTargets, EveryKindThatNeedsNoContainer) {
  list(
      "{name: a, url: 'tcp://h:1'}, {name: b, url: 'grpcs://h:1/s'}, {name: c, url: icmp://h},"
      "{name: d, url: 'dns://[::1]/example.org?MX'}, {name: e, url: 'https://[fd00::1]:8443'}");
  EXPECT_EQ(probe(1).module->grpc.service, "s");
  EXPECT_TRUE(probe(1).module->grpc.tls);
  EXPECT_EQ(probe(3).module->dns.query_type, "MX");
  EXPECT_THAT(fault("url: 'exec:true'"), HasSubstr("f.yml:3: targets[0].url: expected http://"));
  EXPECT_THAT(fault("url: 'docker:'"), HasSubstr("targets[0].url"));
}

TEST_F(StaticTargets, FaultsNameLineAndKey) {
  EXPECT_THAT(fault("uri: x"), HasSubstr("unknown key"));
  EXPECT_THAT(fault("module: http_2xx"), HasSubstr("f.yml:2: targets[0]: url is missing"));
  EXPECT_THAT(fault("url: http://:80/"), HasSubstr("the host is missing"));
  EXPECT_THAT(fault("url: http://u:p@h/"), HasSubstr("user or password"));
  EXPECT_THAT(fault("url: http://h/\n  module: none"),
              HasSubstr("f.yml:4: targets[0].module: there is no module of this name"));
  EXPECT_THAT(fault("url: http://h/\n  module: tcp_connect"), HasSubstr("is for tcp"));
  EXPECT_THAT(fault("url: http://h/\n  interval: 1ms"), HasSubstr("from 100ms"));
  EXPECT_THAT(fault("url: http://h/\n  interval: 1s\n  edge_interval: 2s"),
              HasSubstr("f.yml:5: targets[0].edge_interval: expected at most the interval, 1s"));
  EXPECT_THAT(fault("url: http://h/\n  start_period: 1s"), HasSubstr("unknown key"));
  EXPECT_THAT(read("targets:\n- {url: 'http://h/'}").error().message, HasSubstr("name is missing"));
  EXPECT_THAT(read("targets:\n- {name: a, url: 'http://h/'}\n- {name: a, url: 'http://i/'}")
                  .error()
                  .message,
              HasSubstr("f.yml:3: targets[1].name: there is another target"));
}

TEST_F(StaticTargets, CantPassForContainersNorGiveWorkToTheRemediator) {
  for (const char* label : {"host", "container", "remediation", "service", "target", "group",
                            "probe", "reason", "cause", "le"})
    EXPECT_THAT(fault("url: http://h/\n  labels: {" + std::string(label) + ": x}"),
                HasSubstr("can't give this label"))
        << label;
  for (const char* label : {"__name__", "1st", "a-b", "''"})
    EXPECT_THAT(fault("url: http://h/\n  labels: {" + std::string(label) + ": x}"),
                HasSubstr("expected a label's name"))
        << label;
  EXPECT_THAT(fault("url: http://h/\n  labels: {a: !!binary /w==}"), HasSubstr("UTF-8"));
}

TEST_F(StaticTargets, ReadBackWhatIsWritten) {
  EXPECT_EQ(to_yaml(targets, discovery), "");
  discovery.defaults.interval = seconds(20);
  ASSERT_TRUE(read(R"(
targets:
- {name: 'a: "b"', url: 'http://h/', labels: {x: 'null', y: "1\n"}}
- {name: b, url: 'https://h:444/p?q=%20', module: patient, timeout: 1s, interval: 60s}
- {name: c, url: 'grpcs://h:1/s', group: g, edge_interval: 1s, success_threshold: 9}
- {name: d, url: 'dns://h/example.org?MX', interval: 20s}
)"));
  const TargetList before = targets;
  const std::string text = to_yaml(before, discovery);
  ASSERT_TRUE(read(text)) << text;
  ASSERT_THAT(targets, SizeIs(before.size()));
  for (size_t at = 0; at < before.size(); ++at) EXPECT_EQ(*targets[at], *before[at]) << text;
}

TEST_F(StaticTargets, AReloadAppliesOnlyWhatChanged) {
  const std::string a = "{name: a, url: 'http://a/'},", b = "{name: b, url: 'http://b/'},",
                    c = "{name: c, url: 'http://c/'},", d = "{name: d, url: 'http://d/'},";
  const TargetList before = list(a + b + c);
  TargetList now = list(d + "{name: c, url: 'http://elsewhere/'}," + a);
  const WatchedContainerPtr first = before[0];
  const InventoryChange change = changes(before, now);
  EXPECT_THAT(change.removed, ElementsAre(ContainerKey{"", "b"}));
  ASSERT_THAT(change.updated, SizeIs(2));
  EXPECT_EQ(change.updated[0]->key.name, "c");
  EXPECT_EQ(change.updated[1]->key.name, "d");
  EXPECT_EQ(now[0], first) << "one value for what is the same";
  TargetList none;
  EXPECT_THAT(changes(before, none).removed, SizeIs(3));
  now = list(a + b + c);
  EXPECT_TRUE(changes(before, now).empty());
  EXPECT_THAT(changes({}, now).updated, SizeIs(3));
}

}  // namespace
}  // namespace selfheal
