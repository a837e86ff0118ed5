#include "exporter/command/command_target.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace selfheal {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class CommandTargetTest : public testing::Test {
 protected:
  // "module target", or the error.
  std::string read(const std::string& text, const std::string& module = "") {
    const auto target = read_command_target(text, module, modules_);
    return target ? target->module->name + " " + target->target : target.error().message;
  }
  ModuleSet modules_;
};

TEST_F(CommandTargetTest, TheSchemeChoosesTheModule) {
  EXPECT_EQ(read("https://a.example/x"), "http_2xx https://a.example/x");
  EXPECT_EQ(read("tcp://a.example:5432"), "tcp_connect a.example:5432");
  EXPECT_EQ(read("tcp://[::1]:5432"), "tcp_connect [::1]:5432");
  EXPECT_EQ(read("grpc://a.example:1"), "grpc_plain a.example:1");
  EXPECT_EQ(read("grpcs://a.example:1"), "grpc a.example:1");
  EXPECT_EQ(read("dns://192.0.2.1/example.org?SOA"), "dns_udp 192.0.2.1:53");
  EXPECT_EQ(read("icmp://a.example"), "icmp a.example");
}

TEST_F(CommandTargetTest, WhatTheUrlSaysIsInTheModule) {
  const auto dns = read_command_target("dns://192.0.2.1/example.org?SOA", "", modules_);
  EXPECT_EQ(dns->module->dns.query_name, "example.org");
  EXPECT_EQ(dns->module->dns.query_type, "SOA");
  const auto grpc = read_command_target("grpc://a.example:1/shop.Cart", "", modules_);
  EXPECT_EQ(grpc->module->grpc.service, "shop.Cart");
}

TEST_F(CommandTargetTest, HttpWhereThereIsNeither) {
  EXPECT_EQ(read("a.example:8080/x"), "http_2xx http://a.example:8080/x");
}

TEST_F(CommandTargetTest, AModuleTakesTheTargetAsProbeDoes) {
  EXPECT_EQ(read("a.example:5432", "tcp_connect"), "tcp_connect a.example:5432");
  EXPECT_EQ(read("a.example", "http_post_2xx"), "http_post_2xx http://a.example");
  EXPECT_EQ(read("https://a.example/", "http_post_2xx"), "http_post_2xx https://a.example/");
  EXPECT_EQ(read("192.0.2.1", "icmp"), "icmp 192.0.2.1");
}

TEST_F(CommandTargetTest, SaysWhatToWriteInstead) {
  EXPECT_THAT(read("x", "nope"),
              AllOf(HasSubstr("--module nope"), HasSubstr("tcp_connect"), Not(HasSubstr("exec"))));
  EXPECT_THAT(read("tcp://a.example:1", "icmp"),
              HasSubstr("--module icmp: the module is for icmp"));
  EXPECT_THAT(read("tcp://a.example"), HasSubstr("the port is missing"));
  EXPECT_THAT(read("ftp://a.example"), HasSubstr("no probe for the scheme \"ftp\""));
  EXPECT_THAT(read("dns://192.0.2.1"), HasSubstr("dns://"));
  EXPECT_THAT(read("exec:true"), HasSubstr("container"));
  EXPECT_THAT(read("x", "docker_health"), HasSubstr("container"));
}

}  // namespace
}  // namespace selfheal
