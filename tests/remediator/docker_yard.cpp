#include "tests/remediator/docker_yard.h"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <set>
#include <sstream>
#include <vector>

#include "common/docker/docker_flags.h"
#include "tests/exporter/eventually.h"

namespace selfheal {
namespace {

std::string from_environment(const char* name, const std::string& otherwise) {
  const char* value = std::getenv(name);
  return value == nullptr || *value == '\0' ? otherwise : value;
}

std::pair<int, std::string> run_docker(const std::string& arguments) {
  FILE* output = popen(("docker " + arguments + " 2>&1").c_str(), "r");
  std::string text;
  std::array<char, 4096> piece{};
  while (fgets(piece.data(), static_cast<int>(piece.size()), output) != nullptr)
    text += piece.data();
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return {pclose(output), text};
}

std::vector<std::string> lines(const std::string& arguments) {
  std::vector<std::string> all;
  std::istringstream text(docker(arguments));
  for (std::string line; std::getline(text, line);)
    if (!line.empty()) all.push_back(line);
  return all;
}

}  // namespace

std::string docker(const std::string& arguments) {
  const auto [status, text] = run_docker(arguments);
  EXPECT_EQ(status, 0) << "docker " << arguments << "\n" << text;
  return text;
}

DockerYard::DockerYard() : engine(*DockerFlags().address(), clock) {}

DockerYard::~DockerYard() {
  // Anchored: the names of other runs may begin with ours.
  const std::string ours = "'^/?" + name + "([^0-9]|$)'";
  std::set<std::string> volumes;
  for (const std::string& container : lines("ps -aq --filter name=" + ours)) {
    // Those without a name are asked for by name once recreated, and do not go with the container.
    for (const std::string& volume :
         lines("inspect --format '{{range .Mounts}}{{println .Name}}{{end}}' " + container))
      volumes.insert(volume);
    docker("rm -f -v " + container);
  }
  for (const std::string& network : lines("network ls -q --filter name=" + ours))
    docker("network rm " + network);
  for (const std::string& volume : lines("volume ls -q"))
    if (volumes.contains(volume)) docker("volume rm " + volume);
  for (const std::string& tag : lines("images --format '{{.Repository}}:{{.Tag}}' " + name))
    docker("rmi " + tag);
}

std::string DockerYard::app_image() {
  return from_environment("SELFHEAL_TEST_IMAGE", "selfheal.invalid/sample-app:dev");
}

std::string DockerYard::label() {
  return "--label selfheal.test-run=" + from_environment("SELFHEAL_TEST_RUN", "remediator-test");
}

std::string DockerYard::run(const std::string& options, const std::string& image,
                            const std::string& command) {
  return docker("run -d --name " + name + " " + label() + " " + options + " " + image + " " +
                command);
}

nlohmann::json DockerYard::inspect(const std::string& container) {
  const auto text = engine.inspect_raw(container);
  EXPECT_TRUE(text) << container << ": " << (text ? "" : text.error().message);
  return text ? nlohmann::json::parse(*text) : nlohmann::json();
}

bool DockerYard::exists(const std::string& container) {
  return engine.inspect_raw(container).ok();
}

bool DockerYard::serves(const std::string& container, Milliseconds patience) {
  const auto healthy = [&] {
    const auto answer =
        engine.exec(container, {"/sample-app", "--healthcheck"}, Milliseconds(10'000));
    return answer && answer->exit_code == 0;
  };
  return eventually(healthy, patience);
}

void DockerYard::expect_old_in_place(const std::string& id, const std::string& where) {
  const auto now = engine.inspect(name);
  ASSERT_TRUE(now) << where;
  EXPECT_EQ(now->id, id) << where;
  EXPECT_TRUE(now->running()) << where;
  EXPECT_EQ(inspect(id)["HostConfig"]["RestartPolicy"]["Name"], "always") << where;
  const ReplacementNames names(name, id);
  EXPECT_FALSE(exists(names.ready)) << where;
  EXPECT_FALSE(exists(names.next)) << where;
  EXPECT_FALSE(exists(names.parked)) << where;
}

void DockerYard::expect_replaced(const std::string& id, const std::string& where) {
  const auto now = engine.inspect(name);
  ASSERT_TRUE(now) << where;
  EXPECT_NE(now->id, id) << where;
  EXPECT_TRUE(now->running()) << where;
  EXPECT_EQ(inspect(now->id)["HostConfig"]["RestartPolicy"]["Name"], "always") << where;
  const auto parked = engine.inspect(ReplacementNames(name, id).parked);
  ASSERT_TRUE(parked) << where;
  EXPECT_EQ(parked->id, id) << where;
  EXPECT_FALSE(parked->running()) << where;
  EXPECT_EQ(inspect(id)["HostConfig"]["RestartPolicy"]["Name"], "no") << where;
}

}  // namespace selfheal
