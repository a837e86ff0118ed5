#include "exporter/metrics/series_labels.h"

#include <gtest/gtest.h>

namespace selfheal {
namespace {

class SeriesLabelsTest : public testing::Test {
 protected:
  void add(const WatchedContainer& seen, const std::vector<std::string>& probes) {
    const auto shared = std::make_shared<const WatchedContainer>(seen);
    all.containers.push_back({shared, {}});
    for (const std::string& name : probes) {
      ProbeSpec spec;
      spec.name = name;
      all.probes.push_back(
          {std::make_shared<const ProbeIdentity>(ProbeIdentity{shared, spec}), {}, nullptr});
    }
  }

  HealthSnapshot all;
};

TEST_F(SeriesLabelsTest, OfContainersAndConfiguredTargetsAndTheirProbes) {
  WatchedContainer web;
  web.key = {"box", "web"};
  web.group = "shop/\"web\"";
  add(web, {"default", "tls"});
  WatchedContainer shop;
  shop.origin = Origin::configured;
  shop.key = {"", "shop"};
  shop.group = "shops";
  shop.labels = {{"team", "blue"}, {"site", "north"}};
  add(shop, {"default"});

  const SeriesLabels labels(all);
  EXPECT_EQ(labels.container(0), R"(host="box",container="web",group="shop/\"web\"")");
  EXPECT_EQ(labels.container(1), R"(target="shop",group="shops",site="north",team="blue")");
  EXPECT_EQ(labels.probe(0), R"(host="box",container="web",group="shop/\"web\"",probe="default")");
  EXPECT_EQ(labels.probe(1), R"(host="box",container="web",group="shop/\"web\"",probe="tls")");
  EXPECT_EQ(labels.probe(2),
            R"(target="shop",group="shops",site="north",team="blue",probe="default")");
}

}  // namespace
}  // namespace selfheal
