#include "common/http/own_address.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

namespace selfheal {
namespace {

using testing::HasSubstr;

const std::vector<std::string> kOwn{"127.0.0.1", "172.18.0.5", "10.0.2.7", "10.0.3.9"};

std::string own(const std::string& address) {
  const auto found = with_own_address(address, kOwn);
  return found ? *found : found.error().message;
}

TEST(OwnAddress, IsTheOneInTheNetwork) {
  EXPECT_EQ(own("10.0.3.0/24:10115"), "10.0.3.9:10115");
  EXPECT_EQ(own("10.0.3.128/24:0"), "10.0.3.9:0");
  EXPECT_EQ(own("172.16.0.0/12:1"), "172.18.0.5:1");
  EXPECT_EQ(own("10.0.2.7/32:1"), "10.0.2.7:1");
  EXPECT_EQ(own("0.0.0.0/0:1"), "127.0.0.1:1");
}

TEST(OwnAddress, OtherAddressesStayAsTheyAre) {
  for (const char* address : {":10115", "0.0.0.0:1", "[::]:1", "inside:10115", "10.0.3.9:1", "x"})
    EXPECT_EQ(own(address), address);
}

TEST(OwnAddress, SaysWhatThereIsInstead) {
  EXPECT_EQ(own("192.0.2.0/24:1"),
            "this machine has no address in 192.0.2.0/24, but 127.0.0.1, 172.18.0.5, 10.0.2.7, "
            "10.0.3.9");
}

TEST(OwnAddress, WhatIsNoNetwork) {
  for (const char* address : {"10.0.3.0/33:1", "10.0.3.0/x:1", "10.0.3.0/:1", "10.0.3/24:1",
                              "inside/24:1", "/24:1", "10.0.3.0/-1:1"})
    EXPECT_THAT(own(address), HasSubstr("is no network"));
}

TEST(OwnAddress, ANetworkIsCheckedWhereverItIs) {
  EXPECT_TRUE(check_networks({":10115", "192.0.2.0/24:1", "[::]:1", "10.0.3.9:1"}));
  const Outcome<> checked = check_networks({":10115", "10.0.3.0/33:1"});
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().message,
            "--web.listen-address 10.0.3.0/33:1: 10.0.3.0/33 is no network; expected one such as "
            "10.0.3.0/24");
}

// As long as it lives nothing can be opened.
class NoFiles {
 public:
  NoFiles() {
    getrlimit(RLIMIT_NOFILE, &before_);
    const rlimit none{0, before_.rlim_max};
    setrlimit(RLIMIT_NOFILE, &none);
  }
  ~NoFiles() { setrlimit(RLIMIT_NOFILE, &before_); }
  NoFiles(const NoFiles&) = delete;
  NoFiles& operator=(const NoFiles&) = delete;

 private:
  rlimit before_{};
};

TEST(OwnAddress, WhyNoneIsKnown) {
  const auto found = [] {
    const NoFiles none;
    return with_own_address("127.0.0.0/8:80");
  }();
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().message, "this machine's addresses can't be read: Too many open files");
}

TEST(OwnAddress, OfThisMachine) {
  const auto found = with_own_address("127.0.0.0/8:80");
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(*found, "127.0.0.1:80");
}

}  // namespace
}  // namespace selfheal
