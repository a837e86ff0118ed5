#include "exporter/discovery/probe_url.h"

#include <gtest/gtest.h>

namespace selfheal {
namespace {

TEST(ProbeUrl, ReadsEachKind) {
  EXPECT_EQ(*parse_probe_url("http://:8080/health?x=1"),
            (ProbeUrl{ProbeKind::http, "http", "", 8080, "/health?x=1", {}}));
  EXPECT_EQ(*parse_probe_url("https://:8443"),
            (ProbeUrl{ProbeKind::http, "https", "", 8443, "/", {}}));
  EXPECT_EQ(*parse_probe_url("http:///ready"),
            (ProbeUrl{ProbeKind::http, "http", "", 80, "/ready", {}}));
  EXPECT_EQ(parse_probe_url("https:///ready")->port, 443);
  EXPECT_EQ(parse_probe_url("http://:80?probe")->path, "/?probe");
  EXPECT_EQ(*parse_probe_url("tcp://:5432"), (ProbeUrl{ProbeKind::tcp, "tcp", "", 5432, "", {}}));
  EXPECT_EQ(parse_probe_url("docker:")->kind, ProbeKind::docker);
}

TEST(ProbeUrl, ReadsBackWhatItWrites) {
  for (const char* text : {"http://:8080/health", "https://:1/", "tcp://:65535", "docker:"})
    EXPECT_EQ(to_string(*parse_probe_url(text)), text);
}

TEST(ProbeUrl, SaysWhatIsWrong) {
  const auto fault = [](const char* text) { return parse_probe_url(text).error().message; };
  EXPECT_NE(fault("http://localhost:8080/").find("host must be left out"), std::string::npos);
  EXPECT_NE(fault("http://:0/").find("port"), std::string::npos);
  EXPECT_NE(fault("http://:65536/").find("port"), std::string::npos);
  EXPECT_NE(fault("http://:80x/").find("port"), std::string::npos);
  EXPECT_NE(fault("tcp://").find("port is missing"), std::string::npos);
  EXPECT_NE(fault("ftp://:21").find("ftp"), std::string::npos);
  EXPECT_NE(fault(":8080/health").find("expected"), std::string::npos);
  EXPECT_NE(fault("").find("expected"), std::string::npos);
  EXPECT_NE(fault("http://:80/a b").find("blank"), std::string::npos);
  EXPECT_NE(fault("http://:80/a\r\nHost: evil").find("blank"), std::string::npos);
}

}  // namespace
}  // namespace selfheal
