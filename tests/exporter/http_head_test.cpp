#include "exporter/probes/http/http_head.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace selfheal {
namespace {

using testing::ElementsAre;
using testing::Pair;
using Progress = HeadReader::Progress;

TEST(HttpHead, IsCompleteAtTheEmptyLine) {
  HeadReader reader;
  EXPECT_EQ(reader.take("HTTP/1.1 200 OK\r\n"), Progress::reading);
  EXPECT_EQ(reader.take("Server:  stub \r\n"), Progress::reading);
  EXPECT_EQ(reader.head().status, 0) << "not yet";
  EXPECT_EQ(reader.take("\r\n"), Progress::complete);
  EXPECT_TRUE(reader.complete());
  EXPECT_EQ(reader.head().status, 200);
  EXPECT_THAT(reader.head().headers, ElementsAre(Pair("Server", "stub")));
}

TEST(HttpHead, InformationalResponsesArePassedOver) {
  HeadReader reader;
  for (const char* line : {"HTTP/2 103\r\n", "link: x\r\n", "\r\n", "HTTP/2 204\r\n"})
    EXPECT_EQ(reader.take(line), Progress::reading) << line;
  EXPECT_EQ(reader.take("\r\n"), Progress::complete);
  EXPECT_EQ(reader.head().status, 204);
  EXPECT_TRUE(reader.head().headers.empty());
}

TEST(HttpHead, SwitchingProtocolsIsTheResponse) {
  HeadReader reader;
  EXPECT_EQ(reader.take("HTTP/1.1 101 Switching Protocols\r\n"), Progress::reading);
  EXPECT_EQ(reader.take("\r\n"), Progress::complete);
  EXPECT_EQ(reader.head().status, 101);
}

TEST(HttpHead, WhatComesAfterTheBodyAreTrailers) {
  HeadReader reader;
  for (const char* line : {"HTTP/2 200\r\n", "\r\n"}) reader.take(line);
  for (const char* line : {"grpc-status: 0\r\n", "\r\n"})
    EXPECT_EQ(reader.take(line), Progress::reading);
  EXPECT_THAT(reader.trailers(), ElementsAre(Pair("grpc-status", "0")));
  EXPECT_TRUE(reader.head().headers.empty());
}

TEST(HttpHead, HeaderNamesKnowNoCase) {
  const ResponseHead head{200, {{"X-State", "one"}, {"Server", "stub"}, {"x-state", "two"}}};
  EXPECT_THAT(head.values("X-STATE"), ElementsAre("one", "two"));
  EXPECT_EQ(head.first("server"), "stub");
  EXPECT_EQ(head.first("X-Stat"), "");
}

TEST(HttpHead, AreNotReadForEver) {
  HeadReader reader;
  reader.take("HTTP/1.1 200 OK\r\n");
  const std::string line = "X-Long: " + std::string(1000, 'x') + "\r\n";
  Progress progress = Progress::reading;
  for (int i = 0; i < 2'000 && progress == Progress::reading; ++i) progress = reader.take(line);
  EXPECT_EQ(progress, Progress::too_long);
  EXPECT_TRUE(reader.too_long());
}

}  // namespace
}  // namespace selfheal
