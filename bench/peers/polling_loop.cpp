// The plain way to heal containers, as many people write it in a few lines of Python: list by
// label, GET with a timeout, count, restart; one container after another.
//
//   polling-loop --label selfheal.bench.run=ID [--interval 1s] [--timeout 500ms] [--threshold 3]
//
// Fair: the pauses make up for what a round of checks takes, so that the interval is kept where it
// can be, and everything is asked of Docker and of the containers directly.
#include <algorithm>
#include <cstdio>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "common/base/flags.h"
#include "common/base/log.h"
#include "common/base/time_text.h"
#include "common/docker/docker_client.h"
#include "common/http/blocking_http_client.h"

namespace selfheal {
namespace {

constexpr std::chrono::seconds kStopTimeout{10};  // Docker's default
constexpr const char* kHealthPage = ":8080/health";

struct Settings {
  std::string docker_host = default_docker_host();
  std::string label;  // KEY=VALUE
  std::string interval = "1s";
  std::string timeout = "500ms";
  int threshold = 3;
};

class PollingLoop {
 public:
  PollingLoop(DockerAddress docker, const Settings& settings, Milliseconds timeout)
      : docker_(std::move(docker), clock_),
        http_(clock_, "checks"),
        label_key_(settings.label.substr(0, settings.label.find('='))),
        label_value_(settings.label.substr(settings.label.find('=') + 1)),
        timeout_(timeout),
        threshold_(settings.threshold) {}

  void run(Milliseconds interval) {
    for (;;) {
      const SteadyTime begun = clock_.steady_now();
      check_all();
      std::this_thread::sleep_until(begun + interval);
    }
  }

 private:
  void check_all() {
    const auto containers = docker_.list();
    if (!containers) return log::error("can't list", {{"err", containers.error().message}});
    size_t watched = 0;
    for (const ContainerSummary& container : *containers) {
      const auto label = container.labels.find(label_key_);
      if (label == container.labels.end() || label->second != label_value_) continue;
      check(container.name);
      ++watched;
    }
    if (watched != watched_) log::info("watching", {{"containers", std::to_string(watched)}});
    watched_ = watched;
  }

  void check(const std::string& name) {
    if (is_healthy(name)) {
      failures_[name] = 0;
      return;
    }
    if (++failures_[name] < threshold_) return;
    log::warn("restarting", {{"container", name}});
    const auto restarted = docker_.restart(name, kStopTimeout);
    if (!restarted) return log::error("can't restart", {{"err", restarted.error().message}});
    failures_[name] = 0;
  }

  bool is_healthy(const std::string& name) {
    const auto details = docker_.inspect(name);
    if (!details || details->networks.empty()) return false;
    HttpRequest request;
    request.url = "http://" + details->networks.front().ipv4 + kHealthPage;
    request.timeout = timeout_;
    request.connection = HttpConnection::fresh;
    const HttpResult answer = http_.fetch(request);
    return answer && answer->status == 200;
  }

  SystemClock clock_;
  DockerClient docker_;
  BlockingHttpClient http_;
  const std::string label_key_;
  const std::string label_value_;
  const Milliseconds timeout_;
  const int threshold_;
  std::map<std::string, int> failures_;  // in a row, by name
  size_t watched_ = 0;
};

int run(int argc, char** argv) {
  Settings settings;
  CLI::App app("Polls containers and restarts the ones that fail", "polling-loop");
  add_flag(app, "--docker.host", settings.docker_host, "Docker host");
  add_flag(app, "--label", settings.label, "KEY=VALUE of the containers to watch")->required();
  add_flag(app, "--interval", settings.interval, "Between two checks of a container");
  add_flag(app, "--timeout", settings.timeout, "Of one check");
  add_flag(app, "--threshold", settings.threshold, "Failures in a row before a restart");
  if (const auto status = parse_command_line(app, argc, argv)) return *status;

  auto docker = parse_docker_host(settings.docker_host);
  const auto interval = parse_duration(settings.interval);
  const auto timeout = parse_duration(settings.timeout);
  if (!docker || !interval || !timeout || settings.label.find('=') == std::string::npos) {
    std::fprintf(stderr, "polling-loop: --docker.host, --label or a duration can't be read\n");
    return kExitBadUsage;
  }
  PollingLoop(*docker, settings, *timeout).run(*interval);
  return kExitDone;
}

}  // namespace
}  // namespace selfheal

int main(int argc, char** argv) {
  return selfheal::run(argc, argv);
}
