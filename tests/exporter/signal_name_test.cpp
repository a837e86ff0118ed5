#include "exporter/discovery/signal_name.h"

#include <gtest/gtest.h>

namespace selfheal {
namespace {

TEST(SignalName, IsTheSameHoweverItIsWritten) {
  for (const char* text : {"15", "TERM", "SIGTERM", "sigterm", "term"})
    EXPECT_EQ(signal_name(text), "TERM") << text;
  EXPECT_EQ(signal_name("28"), "WINCH");
}

TEST(SignalName, RealTimeSignalsCountFromTheFirst) {
  for (const char* text : {"37", "SIGRTMIN+3", "rtmin+3", "RTMAX-27"})
    EXPECT_EQ(signal_name(text), "RTMIN+3") << text;
  EXPECT_EQ(signal_name("SIGRTMIN"), signal_name("34"));
  EXPECT_EQ(signal_name("SIGRTMAX"), signal_name("64"));
}

TEST(SignalName, WhatIsNoneStaysAsItIs) {
  for (const char* text :
       {"", "-2147483648", "99999999999999999999", "32", "RTMAX-31", "RTMAX--2147483648", "NONE"})
    EXPECT_EQ(signal_name(text), text);
}

}  // namespace
}  // namespace selfheal
