#include "common/docker/docker_flags.h"

#include <cstdlib>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/base/flags.h"
#include "tests/support/temp_folder.h"

namespace selfheal {
namespace {

using testing::HasSubstr;

class DockerFlagsTest : public testing::Test {
 protected:
  DockerFlagsTest() {
    flags.host = "tcp://engine:2376";
    flags.cert_path.clear();
    flags.tls_verify = false;
  }
  void write(std::initializer_list<const char*> names) {
    for (const char* name : names) folder.write(name, "PEM");
    flags.cert_path = folder.path("");
  }
  std::string refusal() const {
    const auto address = flags.address();
    return address ? "none" : address.error().message;
  }

  TempFolder folder;
  DockerFlags flags;
};

TEST_F(DockerFlagsTest, WithoutCertificatesTcpIsPlain) {
  EXPECT_EQ(flags.address()->base_url, "http://engine:2376");
  EXPECT_FALSE(flags.address()->tls);
}

TEST_F(DockerFlagsTest, AFolderOfCertificatesMeansTls) {
  write({"ca.pem", "cert.pem", "key.pem"});
  auto address = flags.address();
  ASSERT_TRUE(address) << address.error().message;
  EXPECT_EQ(address->base_url, "https://engine:2376");
  EXPECT_EQ(address->tls->verify, HttpTls::Verify::nobody) << "as docker's own clients do";
  flags.tls_verify = true;
  address = flags.address();
  EXPECT_EQ(address->tls->verify, HttpTls::Verify::peer);
  EXPECT_THAT(address->tls->ca_file, HasSubstr("/ca.pem"));
  EXPECT_THAT(address->tls->cert_file, HasSubstr("/cert.pem"));
  EXPECT_THAT(address->tls->key_file, HasSubstr("/key.pem"));
}

TEST_F(DockerFlagsTest, WhatIsMissingIsNamed) {
  write({"cert.pem"});
  EXPECT_THAT(refusal(), HasSubstr("only one of cert.pem and key.pem"));
  write({"key.pem"});
  flags.tls_verify = true;
  EXPECT_THAT(refusal(), HasSubstr("there is no ca.pem in"));
}

TEST_F(DockerFlagsTest, HttpsIsCheckedByTheSystemsAuthorities) {
  flags.host = "https://engine";
  const auto address = flags.address();
  ASSERT_TRUE(address);
  EXPECT_EQ(*address->tls, HttpTls{});
}

TEST_F(DockerFlagsTest, ASocketNeedsNone) {
  write({});
  flags.host = "unix:///run/docker.sock";
  flags.tls_verify = true;
  const auto address = flags.address();
  ASSERT_TRUE(address) << address.error().message;
  EXPECT_FALSE(address->tls);
}

TEST_F(DockerFlagsTest, WhatWasSaidIsToldFromWhatDockersVariablesSay) {
  const auto said = [](std::vector<const char*> arguments) {
    CLI::App app;
    DockerFlags given;
    given.add_to(app);
    arguments.insert(arguments.begin(), "program");
    app.parse(static_cast<int>(arguments.size()), arguments.data());
    return given.said;
  };
  ASSERT_EQ(setenv("DOCKER_HOST", "tcp://engine", 1), 0);
  EXPECT_FALSE(said({}));
  unsetenv("DOCKER_HOST");
  EXPECT_TRUE(said({"--docker.host=tcp://engine"}));
  EXPECT_TRUE(said({"--docker.cert-path", "/certificates"}));
  EXPECT_TRUE(said({"--docker.tls-verify"}));
  ASSERT_EQ(setenv("SELFHEAL_DOCKER_HOST", "tcp://engine", 1), 0);
  EXPECT_TRUE(said({}));
  unsetenv("SELFHEAL_DOCKER_HOST");
}

TEST_F(DockerFlagsTest, WhatCantBeReadNamesTheFlag) {
  flags.host = "ssh://box";
  EXPECT_THAT(refusal(), HasSubstr("--docker.host: ssh://"));
}

}  // namespace
}  // namespace selfheal
