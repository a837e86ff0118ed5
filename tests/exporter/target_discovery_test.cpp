#include "exporter/discovery/target_discovery.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/exporter/samples.h"

namespace selfheal {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST(Discovery, DefaultsToTheFirstExposedPort) {
  ContainerDetails web = running_container("web");
  web.exposed_tcp_ports = {8080, 9090};
  web.has_healthcheck = true;
  const DiscoveredContainer found = discover(web, nullptr, {});
  ASSERT_THAT(found.probes, SizeIs(1));
  EXPECT_EQ(to_string(found.probes[0]->url), "http://:8080/health");
  EXPECT_EQ(found.probes[0]->module->name, "http_2xx");
  EXPECT_THAT(found.probes[0]->endpoints, ElementsAre(Endpoint{"172.17.0.2", 8080}));
}

TEST(Discovery, ThenToTheHealthcheckThenToNothing) {
  ContainerDetails job = running_container("job");
  job.exposed_tcp_ports.clear();
  EXPECT_THAT(discover(job, nullptr, {}).probes, IsEmpty());
  job.has_healthcheck = true;
  const DiscoveredContainer found = discover(job, nullptr, {});
  ASSERT_THAT(found.probes, SizeIs(1));
  EXPECT_EQ(found.probes[0]->url.kind, ProbeKind::docker);
  EXPECT_EQ(found.probes[0]->container_id, "id-job");
  EXPECT_THAT(found.probes[0]->endpoints, IsEmpty());
}

TEST(Discovery, ADockerProbeWithoutHealthcheckIsAFaultAndTheDefaultHolds) {
  const ContainerDetails web = running_container("web", {{"selfheal.probe", "docker:"}});
  const DiscoveredContainer found = discover(web, nullptr, {});
  EXPECT_THAT(found.labels.errors, SizeIs(1));
  ASSERT_THAT(found.probes, SizeIs(1));
  EXPECT_EQ(found.probes[0]->url.kind, ProbeKind::http);

  const ContainerDetails named = running_container("web", {{"selfheal.probe.h", "docker:"}});
  EXPECT_THAT(discover(named, nullptr, {}).probes, SizeIs(1));
}

TEST(Endpoints, EveryNetworkThenPublishedPorts) {
  ContainerDetails web = running_container("web");
  web.networks = {{"a", "10.0.0.2", "fd00::2"}, {"b", "10.1.0.2", ""}, {"c", "", ""}};
  web.published_tcp_ports = {{8080, "0.0.0.0", 18080},
                             {8080, "::", 18080},
                             {9090, "0.0.0.0", 19090},
                             {8080, "192.0.2.7", 80}};
  EXPECT_THAT(
      endpoints_of(web, nullptr, 8080),
      ElementsAre(Endpoint{"10.0.0.2", 8080}, Endpoint{"10.1.0.2", 8080}, Endpoint{"fd00::2", 8080},
                  Endpoint{"127.0.0.1", 18080}, Endpoint{"::1", 18080}, Endpoint{"192.0.2.7", 80}));
}

TEST(Endpoints, HostNetwork) {
  ContainerDetails web = running_container("web");
  web.network_mode = "host";
  web.networks = {{"host", "", ""}};
  EXPECT_THAT(endpoints_of(web, nullptr, 80), ElementsAre(Endpoint{"127.0.0.1", 80}));
}

TEST(Endpoints, PublishedOnAnotherMachineTheyAreThere) {
  ContainerDetails web = running_container("web");
  web.networks = {{"a", "10.0.0.2", ""}};
  web.published_tcp_ports = {{80, "0.0.0.0", 8080},
                             {80, "::", 8080},
                             {80, "127.0.0.1", 8081},
                             {80, "::1", 8081},
                             {80, "198.51.100.7", 8082}};
  EXPECT_THAT(endpoints_of(web, nullptr, 80, "192.0.2.9"),
              ElementsAre(Endpoint{"10.0.0.2", 80}, Endpoint{"192.0.2.9", 8080},
                          Endpoint{"198.51.100.7", 8082}));
  ContainerDetails host = running_container("host");
  host.network_mode = "host";
  host.networks.clear();
  EXPECT_THAT(endpoints_of(host, nullptr, 80, "192.0.2.9"), ElementsAre(Endpoint{"192.0.2.9", 80}));
}

TEST(Endpoints, ASharedNetworkIsItsOwners) {
  ContainerDetails sidecar = running_container("sidecar");
  sidecar.network_mode = "container:abc";
  sidecar.networks.clear();
  EXPECT_EQ(shared_network_owner(sidecar), "abc");
  const ContainerDetails owner = running_container("owner");
  EXPECT_THAT(endpoints_of(sidecar, &owner, 99), ElementsAre(Endpoint{"172.17.0.2", 99}));
  EXPECT_THAT(endpoints_of(sidecar, nullptr, 99), IsEmpty());
  EXPECT_EQ(shared_network_owner(owner), std::nullopt);
}

TEST(Endpoints, ThePublishedPortOnHostNetworkIsNotDoubled) {
  ContainerDetails web = running_container("web");
  web.network_mode = "host";
  web.networks.clear();
  web.published_tcp_ports = {{80, "", 80}};
  EXPECT_THAT(endpoints_of(web, nullptr, 80), SizeIs(1));
}

TEST(Discover, WithoutANetworkOnlyDockerCanTell) {
  ContainerDetails job = running_container("job");
  job.network_mode = "none";
  job.networks.clear();
  job.exposed_tcp_ports = {8080};
  EXPECT_THAT(discover(job, nullptr, {}).probes, IsEmpty());
  job.has_healthcheck = true;
  ASSERT_THAT(discover(job, nullptr, {}).probes, SizeIs(1));
  EXPECT_EQ(discover(job, nullptr, {}).probes.front()->url.kind, ProbeKind::docker);
  job.labels["selfheal.probe"] = "http://:8080/health";
  EXPECT_THAT(discover(job, nullptr, {}).labels.errors, SizeIs(1));
}

DiscoverySettings with_modules(std::vector<Module> modules) {
  DiscoverySettings settings;
  for (Module& module : modules) settings.modules.add(std::move(module));
  return settings;
}

Module module_named(const std::string& name, ProbeKind prober) {
  Module module;
  module.name = name;
  module.prober = prober;
  return module;
}

TEST(Discovery, TakesTheModuleThatIsNamed) {
  ContainerDetails web = running_container(
      "web", {{"selfheal.module", "mine"}, {"selfheal.probe.two", "tcp://:5432"}});
  Module mine = module_named("mine", ProbeKind::http);
  mine.timeout = Milliseconds(1'500);
  const DiscoveredContainer found = discover(web, nullptr, with_modules({mine}));
  ASSERT_THAT(found.probes, SizeIs(2));
  EXPECT_THAT(found.labels.errors, IsEmpty());
  EXPECT_EQ(found.probes[1]->module->name, "tcp_connect");
  EXPECT_EQ(found.probes[0]->module->name, "mine");
  EXPECT_EQ(found.probes[0]->settings.timeout, Milliseconds(1'500));
  web.labels["selfheal.timeout"] = "3s";
  EXPECT_EQ(discover(web, nullptr, with_modules({mine})).probes[0]->settings.timeout,
            Milliseconds(3'000));
}

TEST(Discovery, AModuleThatDoesNotFitIsAFaultAndTheDefaultIsTaken) {
  Module cel = module_named("cel", ProbeKind::http);
  cel.unsupported = "CEL";
  const DiscoverySettings settings = with_modules({cel, module_named("tcp", ProbeKind::tcp)});
  for (const auto& [name, why] : std::map<std::string, std::string>{
           {"nope", "no module"}, {"cel", "CEL"}, {"tcp", "is for tcp"}}) {
    const DiscoveredContainer found =
        discover(running_container("web", {{"selfheal.module", name}}), nullptr, settings);
    ASSERT_THAT(found.probes, SizeIs(1)) << name;
    EXPECT_EQ(found.probes[0]->module->name, "http_2xx");
    ASSERT_THAT(found.labels.errors, SizeIs(1)) << name;
    EXPECT_EQ(found.labels.errors[0].label, "selfheal.module");
    EXPECT_THAT(found.labels.errors[0].what, testing::HasSubstr(why));
  }
}

TEST(Discovery, TheUrlSaysTheServiceAndTheQuestion) {
  const auto module = [](const std::string& url) {
    const auto found = discover(running_container("web", {{"selfheal.probe", url}}), nullptr, {});
    return found.probes.empty() ? nullptr : found.probes[0]->module;
  };
  EXPECT_EQ(module("grpc://:50051/svc")->grpc.service, "svc");
  EXPECT_FALSE(module("grpc://:50051/svc")->grpc.tls);
  EXPECT_TRUE(module("grpcs://:50051")->grpc.tls);
  EXPECT_EQ(module("dns://:53/example.org?mx")->dns.query_name, "example.org");
  EXPECT_EQ(module("dns://:53/example.org?mx")->dns.query_type, "MX");
  EXPECT_EQ(module("dns://:53"), nullptr);
}

TEST(Discovery, ACommandNeedsNoNetworkAndAPingNoPort) {
  ContainerDetails job = running_container("job", {{"selfheal.probe", "exec:true"}});
  job.network_mode = "none";
  job.networks.clear();
  const DiscoveredContainer found = discover(job, nullptr, {});
  ASSERT_THAT(found.probes, SizeIs(1));
  EXPECT_THAT(found.probes[0]->endpoints, IsEmpty());
  ContainerDetails web = running_container("web", {{"selfheal.probe", "icmp:"}});
  web.networks.push_back({"other", "10.0.0.2", ""});
  web.published_tcp_ports = {{8080, "0.0.0.0", 80}};
  EXPECT_THAT(discover(web, nullptr, {}).probes.at(0)->endpoints,
              ElementsAre(Endpoint{"172.17.0.2", 0}));
}

TEST(EndpointText, BracketsIpv6) {
  EXPECT_EQ(to_string(Endpoint{"::1", 80}), "[::1]:80");
  EXPECT_EQ(to_string(Endpoint{"127.0.0.1", 80}), "127.0.0.1:80");
}

}  // namespace
}  // namespace selfheal
