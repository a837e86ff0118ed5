#include "common/docker/docker_messages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/base/time_text.h"

namespace selfheal {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using testing::SizeIs;

TEST(ParseDockerHost, TakesSocketsAndAddresses) {
  const auto unix_host = parse_docker_host("unix:///var/run/docker.sock");
  ASSERT_TRUE(unix_host.ok());
  EXPECT_EQ(unix_host->base_url, "http://localhost");
  EXPECT_EQ(unix_host->unix_socket, "/var/run/docker.sock");
  EXPECT_EQ(parse_docker_host("tcp://engine:2375")->base_url, "http://engine:2375");
  EXPECT_EQ(parse_docker_host("tcp://engine:2375/")->base_url, "http://engine:2375");
  EXPECT_EQ(parse_docker_host("http://[::1]:2375")->base_url, "http://[::1]:2375");
  EXPECT_EQ(parse_docker_host("tcp://engine:2375")->unix_socket, "");
}

TEST(ParseDockerHost, SaysWhatItExpected) {
  for (const char* text : {"", "unix://", "tcp://", "tcp:///", "/var/run/docker.sock",
                           "npipe:////./pipe/docker_engine"}) {
    const auto parsed = parse_docker_host(text);
    ASSERT_FALSE(parsed.ok()) << text;
    EXPECT_THAT(parsed.error().message, HasSubstr("expected unix:///path/to/docker.sock"));
  }
}

TEST(ParseDockerHost, PutsDockersPortsIn) {
  EXPECT_EQ(parse_docker_host("tcp://engine")->base_url, "http://engine:2375");
  EXPECT_EQ(parse_docker_host("tcp://[fd00::1]")->base_url, "http://[fd00::1]:2375");
  EXPECT_EQ(parse_docker_host("tcp://engine/docker/")->base_url, "http://engine:2375/docker");
  EXPECT_EQ(parse_docker_host("https://engine")->base_url, "https://engine:2376");
  EXPECT_TRUE(parse_docker_host("https://engine")->tls);
  EXPECT_FALSE(parse_docker_host("tcp://engine")->tls);
  const auto secured = parse_docker_host("tcp://engine", DockerSecurity::tls);
  EXPECT_EQ(secured->base_url, "https://engine:2376");
  EXPECT_TRUE(secured->tls);
  EXPECT_FALSE(parse_docker_host("unix:///s", DockerSecurity::tls)->tls);
}

TEST(ParseDockerHost, SaysWhatToDoInstead) {
  EXPECT_THAT(parse_docker_host("ssh://me@box").error().message,
              HasSubstr("ssh -nNT -L /run/engine.sock:/var/run/docker.sock me@box"));
  EXPECT_THAT(parse_docker_host("tcp://fd00::1:2375").error().message, HasSubstr("in brackets"));
}

TEST(ParseInfo, ReadsNameAndVersion) {
  const auto info = parse_info(R"({"ID":"X","Name":"box","ServerVersion":"20.10.24","Swarm":{}})");
  ASSERT_TRUE(info.ok());
  EXPECT_EQ(info->host_name, "box");
  EXPECT_EQ(info->version, "20.10.24");
}

TEST(ParseContainerList, ReadsEveryContainer) {
  const auto list = parse_container_list(R"([
    {"Id":"aa","Names":["/other/alias","/web-1"],"State":"running","Labels":{"monitored":"true"}},
    {"Id":"bb","Names":["/db-1"],"State":"exited","Labels":null,"Health":{"Status":"none"}},
    {"Id":"cc","Names":null,"State":"some new state"}])");
  ASSERT_TRUE(list.ok()) << list.error().message;
  ASSERT_THAT(*list, SizeIs(3));
  EXPECT_EQ((*list)[0].name, "web-1") << "not its alias by a link";
  EXPECT_EQ((*list)[0].state, ContainerState::running);
  EXPECT_THAT((*list)[0].labels, ElementsAre(Pair("monitored", "true")));
  EXPECT_EQ((*list)[1].state, ContainerState::exited);
  EXPECT_THAT((*list)[1].labels, IsEmpty());
  EXPECT_EQ((*list)[2].name, "");
  EXPECT_EQ((*list)[2].state, ContainerState::unknown);
  EXPECT_THAT(*parse_container_list("[]"), IsEmpty());
}

// What 20.10 answers, shortened.
constexpr const char* kDetails = R"({
  "Id": "4fa6e0f0c6786287e131c3852c58a2e01cc697a68231826813597e4994f1d6e2",
  "Created": "2026-01-31T11:00:00Z",
  "State": {"Status": "running", "Running": true, "Paused": false, "Restarting": false,
    "OOMKilled": false, "Dead": false, "Pid": 4242, "ExitCode": 0, "Error": "",
    "StartedAt": "2026-01-31T12:00:00.123456789Z", "FinishedAt": "0001-01-01T00:00:00Z",
    "Health": {"Status": "unhealthy", "FailingStreak": 4, "Log": []}},
  "Name": "/web-1",
  "RestartCount": 2,
  "HostConfig": {"NetworkMode": "shop_default", "RestartPolicy": {"Name": "always"}},
  "Config": {
    "Image": "shop/web:1.2",
    "Labels": {"selfheal.enable": "true", "com.docker.compose.service": "web"},
    "ExposedPorts": {"9090/tcp": {}, "8080/tcp": {}, "53/udp": {}},
    "Healthcheck": {"Test": ["CMD-SHELL", "curl -f localhost"]},
    "StopSignal": "SIGQUIT",
    "StopTimeout": 3},
  "NetworkSettings": {
    "Ports": {"8080/tcp": [{"HostIp": "0.0.0.0", "HostPort": "18080"},
                           {"HostIp": "::", "HostPort": "18080"}],
              "9090/tcp": null, "53/udp": [{"HostIp": "0.0.0.0", "HostPort": "53"}]},
    "Networks": {"shop_default": {"IPAddress": "172.18.0.2", "GlobalIPv6Address": ""}}}
})";

TEST(ParseContainerDetails, ReadsWhatAnEngineSays) {
  const auto parsed = parse_container_details(kDetails);
  ASSERT_TRUE(parsed.ok()) << parsed.error().message;
  EXPECT_THAT(parsed->id, testing::StartsWith("4fa6e0f0c678"));
  EXPECT_EQ(parsed->name, "web-1");
  EXPECT_EQ(parsed->image, "shop/web:1.2");
  EXPECT_EQ(parsed->labels.at("selfheal.enable"), "true");
  EXPECT_TRUE(parsed->running());
  EXPECT_EQ(parsed->health, ContainerHealth::unhealthy);
  EXPECT_TRUE(parsed->has_healthcheck);
  EXPECT_EQ(parsed->started_at, parse_rfc3339("2026-01-31T12:00:00.123456789Z"));
  EXPECT_EQ(parsed->finished_at, std::nullopt) << "the year 1 is never";
  EXPECT_EQ(parsed->restart_count, 2);
  EXPECT_EQ(parsed->network_mode, "shop_default");
  EXPECT_THAT(parsed->exposed_tcp_ports, ElementsAre(8080, 9090));
  ASSERT_THAT(parsed->published_tcp_ports, SizeIs(2));
  EXPECT_EQ(parsed->published_tcp_ports[0].container_port, 8080);
  EXPECT_EQ(parsed->published_tcp_ports[0].host_ip, "0.0.0.0");
  EXPECT_EQ(parsed->published_tcp_ports[0].host_port, 18080);
  ASSERT_THAT(parsed->networks, SizeIs(1));
  EXPECT_EQ(parsed->networks[0].network, "shop_default");
  EXPECT_EQ(parsed->networks[0].ipv4, "172.18.0.2");
  EXPECT_EQ(parsed->stop_signal, "SIGQUIT");
  EXPECT_EQ(parsed->stop_timeout, std::chrono::seconds(3));
}

TEST(ParseContainerDetails, IsLenientInWhatIsAbsentOrNull) {
  const auto parsed = parse_container_details(
      R"({"Id":"aa","Name":"/web","State":{"Status":"exited","ExitCode":137,"OOMKilled":true,
          "StartedAt":"2026-01-31T12:00:00Z","FinishedAt":"2026-01-31T12:05:00.5Z","Health":null},
          "Config":{"Labels":null,"ExposedPorts":null,"Healthcheck":null,"StopTimeout":null},
          "NetworkSettings":{"Ports":null,"Networks":null},"SomethingNew":[1,2]})");
  ASSERT_TRUE(parsed.ok()) << parsed.error().message;
  EXPECT_EQ(parsed->state, ContainerState::exited);
  EXPECT_FALSE(parsed->running());
  EXPECT_EQ(parsed->exit_code, 137);
  EXPECT_TRUE(parsed->oom_killed);
  EXPECT_NE(parsed->finished_at, std::nullopt);
  EXPECT_EQ(parsed->health, ContainerHealth::none);
  EXPECT_FALSE(parsed->has_healthcheck);
  EXPECT_EQ(parsed->stop_signal, "SIGTERM");
  EXPECT_EQ(parsed->stop_timeout, std::nullopt);
  EXPECT_THAT(parsed->networks, IsEmpty());
}

TEST(ParseContainerDetails, WhatIsRemovedAtItsEndSaysSo) {
  EXPECT_TRUE(parse_container_details(R"({"HostConfig":{"AutoRemove":true}})")->auto_remove);
  EXPECT_FALSE(parse_container_details("{}")->auto_remove);
}

TEST(ParseContainerDetails, AHealthcheckCanBeSwitchedOff) {
  EXPECT_FALSE(
      parse_container_details(R"({"Config":{"Healthcheck":{"Test":["NONE"]}}})")->has_healthcheck);
  EXPECT_FALSE(
      parse_container_details(R"({"Config":{"Healthcheck":{"Test":[]}}})")->has_healthcheck);
  EXPECT_TRUE(parse_container_details(R"({"Config":{"Healthcheck":{"Test":["CMD","x"]}}})")
                  ->has_healthcheck);
}

TEST(ParseContainerDetails, KnowsEveryState) {
  for (const char* state :
       {"created", "running", "paused", "restarting", "removing", "exited", "dead"}) {
    const auto parsed =
        parse_container_details(std::string(R"({"State":{"Status":")") + state + "\"}}");
    ASSERT_TRUE(parsed.ok());
    EXPECT_EQ(to_string(parsed->state), state);
  }
}

TEST(ParseContainerState, KnowsPodmansWordForExited) {
  EXPECT_EQ(parse_container_state("stopped"), ContainerState::exited);
  EXPECT_EQ(parse_container_state("something new"), ContainerState::unknown);
}

TEST(DockerMessages, AWrongTypeIsAMalformedAnswer) {
  for (const char* json :
       {"", "{", "null", "[]", "3", "\"text\"", R"({"Id":7})", R"({"State":"running"})",
        R"({"State":{"Status":3}})", R"({"State":{"ExitCode":"0"}})", R"({"Name":["/web"]})",
        R"({"Config":{"Labels":{"a":1}}})", R"({"Config":[]})", R"({"NetworkSettings":"none"})",
        R"({"NetworkSettings":{"Networks":{"n":"x"}}})", R"({"RestartCount":"many"})",
        "{\"Name\":\"\xff\xfe\"}"}) {
    const auto parsed = parse_container_details(json);
    EXPECT_FALSE(parsed.ok()) << json;
    if (!parsed) {
      EXPECT_THAT(parsed.error().message, HasSubstr("Docker's answer for a container")) << json;
    }
  }
  for (const char* json : {"", "null", "{}", R"({"message":"no"})", "[3]", R"([{"Id":1}])",
                           R"([{"Names":"/web"}])", R"([{"Labels":[]}])"})
    EXPECT_FALSE(parse_container_list(json).ok()) << json;
  for (const char* json : {"", "[]", R"({"Name":3})"}) EXPECT_FALSE(parse_info(json).ok()) << json;
}

TEST(DockerMessages, DepthDoesNotOverflowTheStack) {
  EXPECT_FALSE(parse_container_details(std::string(1'000'000, '[')).ok());
  EXPECT_FALSE(parse_container_list(std::string(200'000, '[') + std::string(200'000, ']')).ok());
}

TEST(ParseEvent, ReadsActorAndTime) {
  const auto event = parse_event(
      R"({"status":"die","id":"aa","from":"shop/web","Type":"container","Action":"die",)"
      R"("Actor":{"ID":"aa","Attributes":{"exitCode":"137","name":"web-1"}},"scope":"local",)"
      R"("time":1769860800,"timeNano":1769860800123456789})");
  ASSERT_TRUE(event.ok()) << event.error().message;
  EXPECT_EQ(event->type, "container");
  EXPECT_EQ(event->action, "die");
  EXPECT_EQ(event->actor_id, "aa");
  EXPECT_EQ(event->attributes.at("exitCode"), "137");
  EXPECT_EQ(event->time_ns, 1'769'860'800'123'456'789);
}

TEST(ParseEvent, TakesNewerAndPodmansShapes) {
  // 1.52 has no status, id and from; Podman's health events are bare.
  const auto bare = parse_event(R"({"Type":"container","Action":"health_status",)"
                                R"("Actor":{"ID":"aa","Attributes":null},"timeNano":5})");
  ASSERT_TRUE(bare.ok());
  EXPECT_EQ(bare->action, "health_status");
  EXPECT_FALSE(parse_event(R"({"Action":"die","Actor":"aa"})").ok());
  EXPECT_FALSE(parse_event("not json").ok());
}

TEST(ParseErrorMessage, IsTheMessageOrTheBody) {
  EXPECT_EQ(parse_error_message(R"({"message":"No such container: web"})"),
            "No such container: web");
  EXPECT_EQ(parse_error_message("<html>403</html>"), "<html>403</html>");
  EXPECT_EQ(parse_error_message(R"({"message":3})"), R"({"message":3})");
  EXPECT_EQ(parse_error_message(std::string(5000, 'x')).size(), 300u);
}

TEST(OlderApiVersion, ComparesNumbersAndNotText) {
  EXPECT_EQ(older_api_version("1.41", "1.44"), "1.41");
  EXPECT_EQ(older_api_version("1.52", "1.44"), "1.44");
  EXPECT_EQ(older_api_version("1.9", "1.44"), "1.9");
  EXPECT_EQ(older_api_version("2.0", "1.44"), "1.44");
  EXPECT_EQ(older_api_version("1.44", "1.44"), "1.44");
}

TEST(UrlEncode, LeavesOnlyWhatIsPlain) {
  EXPECT_EQ(url_encode("web-1_a.b~c"), "web-1_a.b~c");
  EXPECT_EQ(url_encode("../x?y=1&z#"), "..%2Fx%3Fy%3D1%26z%23");
  EXPECT_EQ(url_encode("\xc3\xa4 %"), "%C3%A4%20%25");
}

TEST(ParseExec, ReadsIdAndState) {
  EXPECT_EQ(*parse_exec_id(R"({"Id":"abc"})"), "abc");
  EXPECT_FALSE(parse_exec_id("{}").ok());
  EXPECT_TRUE(parse_exec_state(R"({"Running":true,"ExitCode":null})")->running);
  EXPECT_EQ(parse_exec_state(R"({"Running":true,"ExitCode":0})")->exit_code, std::nullopt);
  EXPECT_EQ(parse_exec_state(R"({"Running":false,"ExitCode":3})")->exit_code, 3);
  EXPECT_EQ(parse_exec_state(R"({"Running":false,"ExitCode":null})")->exit_code, std::nullopt);
}

TEST(ExecRequest, IsJsonWhateverTheWords) {
  EXPECT_EQ(exec_request({"sh", "-c", "a \"b\""}),
            R"({"AttachStderr":true,"AttachStdout":true,"Cmd":["sh","-c","a \"b\""]})");
  EXPECT_THAT(exec_request({"\xff"}), HasSubstr("\xEF\xBF\xBD"))
      << "what is no UTF-8 does not throw";
}

TEST(ParseContainerDetails, ReadsTheLastCheckOfTheHealthcheck) {
  const auto details = parse_container_details(
      R"({"Id":"aa","State":{"Health":{"Status":"unhealthy","Log":[
          {"ExitCode":0,"Output":"fine"},{"ExitCode":7,"Output":"disk full"}]}}})");
  ASSERT_TRUE(details.ok());
  EXPECT_EQ(details->last_check->exit_code, 7);
  EXPECT_EQ(details->last_check->output, "disk full");
  EXPECT_FALSE(parse_container_details(R"({"State":{"Health":{"Log":null}}})")->last_check);
}

}  // namespace
}  // namespace selfheal
