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

TEST(ProbeUrl, ReadsTheFurtherKinds) {
  EXPECT_EQ(*parse_probe_url("grpc://:50051/my.Service"),
            (ProbeUrl{ProbeKind::grpc, "grpc", "", 50051, "/my.Service", {}}));
  EXPECT_EQ(grpc_service_of(*parse_probe_url("grpc://:50051/my.Service")), "my.Service");
  EXPECT_EQ(grpc_service_of(*parse_probe_url("grpcs://:50051/")), "");
  const ProbeUrl dns = *parse_probe_url("dns:///example.org?mx");
  EXPECT_EQ(dns.port, 53);
  EXPECT_EQ(dns_question_of(dns).name, "example.org");
  EXPECT_EQ(dns_question_of(dns).type, "MX");
  EXPECT_EQ(dns_question_of(*parse_probe_url("dns://:5353")).name, "");
  EXPECT_EQ(parse_probe_url("icmp:")->kind, ProbeKind::icmp);
}

TEST(ProbeUrl, ACommandIsSplitLikeAShellDoes) {
  const auto command = [](const char* text) { return parse_probe_url(text)->command; };
  using Words = std::vector<std::string>;
  EXPECT_EQ(command("exec:pg_isready -U postgres"), (Words{"pg_isready", "-U", "postgres"}));
  EXPECT_EQ(command(R"(exec: sh -c 'test -f "$HOME/a b"' x\ y)"),
            (Words{"sh", "-c", R"(test -f "$HOME/a b")", "x y"}));
  EXPECT_EQ(command(R"(exec:a "b \" \n" '' c"d"'e')"), (Words{"a", "b \" \\n", "", "cde"}));
  EXPECT_EQ(command(R"(exec:["sh","-c","exit 0"])"), (Words{"sh", "-c", "exit 0"}));
}

TEST(ProbeUrl, ACommandThatCantBeReadSaysWhy) {
  const auto fault = [](const char* text) { return parse_probe_url(text).error().message; };
  EXPECT_NE(fault("exec:").find("command is missing"), std::string::npos);
  EXPECT_NE(fault("exec:[]").find("command is missing"), std::string::npos);
  EXPECT_NE(fault("exec:a 'b").find("not closed"), std::string::npos);
  EXPECT_NE(fault("exec:a \\").find("backslash"), std::string::npos);
  EXPECT_NE(fault("exec:[1]").find("JSON"), std::string::npos);
  EXPECT_NE(fault("exec:[\"a\\u0000\"]").find("NUL"), std::string::npos);
}

TEST(TargetUrl, HasAHost) {
  EXPECT_EQ(*parse_target_url("http://example:8080/health"),
            (ProbeUrl{ProbeKind::http, "http", "example", 8080, "/health", {}}));
  EXPECT_EQ(parse_target_url("https://[2001:db8::1]/")->host, "2001:db8::1");
  EXPECT_EQ(parse_target_url("https://[2001:db8::1]/")->port, 443);
  EXPECT_EQ(parse_target_url("icmp://10.0.0.1")->host, "10.0.0.1");
  EXPECT_EQ(parse_target_url("dns://8.8.8.8/example.org?A")->port, 53);
}

TEST(TargetUrl, SaysWhatIsWrong) {
  const auto fault = [](const char* text) { return parse_target_url(text).error().message; };
  EXPECT_NE(fault("http://:8080/").find("host is missing"), std::string::npos);
  EXPECT_NE(fault("tcp://db").find("port is missing"), std::string::npos);
  EXPECT_NE(fault("icmp://host:80").find("no ports"), std::string::npos);
  EXPECT_NE(fault("tcp://db:1/x").find("path"), std::string::npos);
  EXPECT_NE(fault("http://[::g]/").find("IPv6"), std::string::npos);
  EXPECT_NE(fault("http://[::1]x/").find("port"), std::string::npos);
  EXPECT_NE(fault("http://a%b/").find("host"), std::string::npos);
  EXPECT_NE(fault("dns://h/n?NOPE").find("NOPE"), std::string::npos);
  EXPECT_NE(fault("exec:ls").find("expected"), std::string::npos);
  EXPECT_NE(fault("docker:").find("expected"), std::string::npos);
  EXPECT_EQ(fault("http://me:hush@example/").find("hush"), std::string::npos);
  EXPECT_NE(fault("http://me:hush@example/").find("basic_auth"), std::string::npos);
}

TEST(ProbeUrl, ReadsBackWhatItWrites) {
  for (const char* text :
       {"http://:8080/health", "https://:1/", "tcp://:65535", "docker:", "grpc://:50051/svc",
        "grpcs://:1", "dns://:53/a.b?MX", "icmp:", "exec:a \"b c\" d", "exec:a \"\" \"\\\"\""})
    EXPECT_EQ(to_string(*parse_probe_url(text)), text);
  for (const char* text : {"http://a:80/", "https://[::1]:443/x", "icmp://[::1]", "tcp://b:1"})
    EXPECT_EQ(to_string(*parse_target_url(text)), text);
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
