#include "remediator/docker_settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "remediator/config.h"
#include "tests/support/temp_folder.h"

namespace selfheal {
namespace {

using testing::HasSubstr;
using testing::Not;

class DockerSettingsTest : public testing::Test {
 protected:
  Result<RemediatorSettings> read(const std::string& text) {
    return read_config(folder_.write("remediator.yml", text));
  }
  std::string fault_of(const std::string& text) {
    const auto settings = read(text);
    return settings ? "it was read" : settings.error().message;
  }

  TempFolder folder_;
};

TEST_F(DockerSettingsTest, ReadsTheHosts) {
  for (const char* name : {"ca.pem", "cert.pem", "key.pem"}) folder_.write(name, "PEM");
  const auto settings = read(
      "docker:\n  hosts:\n"
      "    - {name: web1, url: \"tcp://web1:2376\", cert_path: .}\n"
      "    - {name: web2, url: \"tcp://web2\", cert_path: ., tls_verify: false}\n"
      "    - {name: local, url: \"unix:///run/docker.sock\"}\n"
      "    - {name: far, url: \"https://user:secret@far/docker\"}\n");
  ASSERT_TRUE(settings.ok()) << settings.error().message;
  DockerFlags flags;
  const auto engines = engine_addresses(flags, settings->docker_hosts);
  ASSERT_TRUE(engines.ok()) << engines.error().message;
  ASSERT_EQ(engines->size(), 4u);
  EXPECT_EQ(engines->at(0).name, "web1");
  EXPECT_EQ(engines->at(0).address.base_url, "https://web1:2376");
  EXPECT_EQ(engines->at(0).address.tls->ca_file, folder_.path("./ca.pem")) << "beside the file";
  EXPECT_EQ(engines->at(0).address.tls->verify, HttpTls::Verify::peer);
  EXPECT_EQ(engines->at(0).address.said_by.address, "the url of \"web1\" in docker.hosts");
  EXPECT_EQ(engines->at(1).address.base_url, "https://web2:2376");
  EXPECT_EQ(engines->at(1).address.tls->verify, HttpTls::Verify::nobody);
  EXPECT_EQ(engines->at(2).address.unix_socket, "/run/docker.sock");
  EXPECT_EQ(engines->at(3).url, "https://user:***@far/docker");
  const auto again = read(to_yaml(*settings));
  ASSERT_TRUE(again.ok()) << again.error().message;
  EXPECT_THAT(to_yaml(*settings), Not(HasSubstr("secret")));
  EXPECT_EQ(again->docker_hosts[1], settings->docker_hosts[1]);
  flags.said = true;
  EXPECT_THAT(engine_addresses(flags, settings->docker_hosts).error().message,
              HasSubstr("give one of them"));
}

TEST_F(DockerSettingsTest, WithoutHostsThereIsTheOneOfTheFlags) {
  DockerFlags flags;
  flags.host = "tcp://box";
  flags.cert_path.clear();
  flags.tls_verify = false;
  const auto engines = engine_addresses(flags, {});
  ASSERT_EQ(engines->size(), 1u);
  EXPECT_EQ(engines->at(0).name, "");
  EXPECT_EQ(engines->at(0).address.base_url, "http://box:2375");
  EXPECT_EQ(engines->at(0).address.said_by.address, "--docker.host");
}

TEST_F(DockerSettingsTest, FaultsNameTheirLine) {
  const auto of = [&](const std::string& second) {
    return fault_of("docker:\n  hosts:\n    - {name: a, url: \"tcp://a\"}\n    - " + second + "\n");
  };
  EXPECT_THAT(of("{name: a, url: 'tcp://b'}"),
              HasSubstr("yml:4: docker.hosts[1].name: expected another name, \"a\" is there"));
  EXPECT_THAT(of("{name: b, url: 'http://a:2375/'}"),
              HasSubstr("docker.hosts[1].url: expected another engine, this is \"a\" already"));
  EXPECT_THAT(of("{url: 'tcp://b'}"), HasSubstr("name: expected the host's name"));
  EXPECT_THAT(of("{name: b}"), HasSubstr("url: \"\" is not a Docker host"));
  EXPECT_THAT(of("{name: b, url: 'ssh://b'}"), HasSubstr("url: ssh://"));
  EXPECT_THAT(of("{name: b, url: 'tcp://b', tls: true}"), HasSubstr("unknown key"));
  EXPECT_THAT(of("{name: b, url: 'tcp://b', tls_verify: true}"),
              HasSubstr("tls_verify: expected a cert_path beside it"));
  EXPECT_THAT(of("{name: b, url: 'unix:///b', cert_path: certs}"),
              HasSubstr("cert_path: expected none, the url is without TLS"));
  EXPECT_THAT(of("{name: b, url: 'tcp://b', cert_path: certs}"),
              HasSubstr("cert_path: there is no ca.pem in"));
  EXPECT_THAT(fault_of("docker: {hosts: []}\n"), HasSubstr("expected at least one host"));
  std::string many = "docker:\n  hosts:\n";
  for (int i = 0; i < 65; ++i)
    many += "    - {name: h" + std::to_string(i) + ", url: 'tcp://h" + std::to_string(i) + "'}\n";
  EXPECT_THAT(fault_of(many), HasSubstr("expected at most 64 hosts"));
}

}  // namespace
}  // namespace selfheal
