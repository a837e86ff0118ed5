#include "exporter/blackbox/query_string.h"

#include <gtest/gtest.h>

namespace selfheal {
namespace {

TEST(QueryString, FindsAndDecodesAValue) {
  EXPECT_EQ(query_value("target=http%3A%2F%2Fa%2Fb%3Fc%3Dd&module=x", "target"), "http://a/b?c=d");
  EXPECT_EQ(query_value("target=http://a/b&module=x", "module"), "x");
  EXPECT_EQ(query_value("a+b=c+d", "a b"), "c d");
}

TEST(QueryString, DecodesOnce) {
  EXPECT_EQ(query_value("target=http://a/%2520", "target"), "http://a/%20");
}

TEST(QueryString, TakesTheFirstOfSeveral) {
  EXPECT_EQ(query_value("a=1&a=2", "a"), "1");
}

TEST(QueryString, WhatIsNotThereIsEmpty) {
  EXPECT_EQ(query_value("", "a"), "");
  EXPECT_EQ(query_value("b=1", "a"), "");
  EXPECT_EQ(query_value("a", "a"), "");
  EXPECT_EQ(query_value("a=", "a"), "");
  EXPECT_EQ(query_value("&&=&", "a"), "");
}

TEST(QueryString, PassesOverWhatGoDoesNotUnderstand) {
  EXPECT_EQ(query_value("a=%zz&a=2", "a"), "2");
  EXPECT_EQ(query_value("a=%4&a=2", "a"), "2");
  EXPECT_EQ(query_value("a=1;b=2&a=3", "a"), "3");
}

TEST(QueryString, KeepsBytesThatAreNoText) {
  EXPECT_EQ(query_value("a=%00%ff", "a"), std::string("\0\xff", 2));
}

}  // namespace
}  // namespace selfheal
