#include "exporter/series_labels.h"

#include <gtest/gtest.h>

namespace selfheal {
namespace {

TEST(SeriesLabels, OfAContainer) {
  WatchedContainer web;
  web.key = {"box", "web"};
  web.group = "shop/\"web\"";
  ProbeSpec spec;
  spec.name = "tls";
  EXPECT_EQ(probe_labels(container_labels(web), spec),
            R"(host="box",container="web",group="shop/\"web\"",probe="tls")");
}

TEST(SeriesLabels, OfAConfiguredTarget) {
  WatchedContainer shop;
  shop.origin = Origin::configured;
  shop.key = {"", "shop"};
  shop.group = "shops";
  shop.labels = {{"team", "blue"}, {"site", "north"}};
  EXPECT_EQ(container_labels(shop), R"(target="shop",group="shops",site="north",team="blue")");
}

}  // namespace
}  // namespace selfheal
