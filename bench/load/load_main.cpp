// The generator of load for the remediator. Prints NAME VALUE lines, times in milliseconds.
//
//   storm    10,000 alerts of 1,000 containers in ten waves, as Alertmanager delivers them
//   steady   at an even rate; --rate 0: as fast as --connections go
//   single   one failure after another: from the webhook's answer to Docker's restart, as
//   load-peers
//            has seen it
//   drip     clients that hold up whoever they can, for --seconds
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>

#include "bench/load/alert_payload.h"
#include "bench/load/alert_poster.h"
#include "bench/load/drip.h"
#include "bench/load/post_plan.h"
#include "bench/race/statistics.h"
#include "common/base/flags.h"
#include "tests/support/http_text.h"
#include "tests/support/sockets.h"

namespace selfheal::bench {
namespace {

using std::chrono::nanoseconds;

constexpr std::chrono::seconds kPatience{20};
constexpr size_t kAnyNumber = 4096;  // of connections; as Alertmanager, which has no limit
constexpr double kSinglesPerSecond = 20;

struct Flags {
  uint16_t port = 0;
  uint16_t peers_port = 0;
  std::string token_file;
  int containers = 1000;
  int posts = 1000;
  double rate = 100;
  size_t connections = kAnyNumber;
  int clients = 48;
  double seconds = 10;
};

std::string read_token(const std::string& path) {
  std::string token;
  std::ifstream(path) >> token;
  return token;
}

// Each container's failures began now.
AlertPoster::RequestOf requests_of(const std::vector<PlannedPost>& plan, const Flags& flags) {
  return [&plan, token = read_token(flags.token_file),
          now = WallTime(std::chrono::system_clock::now())](size_t i) {
    return webhook_request({plan[i].container, plan[i].kind, now}, token);
  };
}

void show(const char* name, const std::vector<double>& values) {
  if (values.empty()) return;
  for (const double q : {0.5, 0.99, 1.0})
    std::printf("%s_%s_ms %.2f\n", name,
                q == 0.5    ? "median"
                : q == 0.99 ? "p99"
                            : "most",
                race::quantile(values, q));
}

int deliver(const std::vector<PlannedPost>& plan, const Flags& flags) {
  std::vector<nanoseconds> due;
  for (const PlannedPost& post : plan) due.push_back(post.due);
  AlertPoster poster(flags.port, flags.connections);
  const auto begun = std::chrono::steady_clock::now();
  const auto deliveries = poster.deliver(due, requests_of(plan, flags), kPatience);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
  std::vector<double> latencies;
  int repeated = 0;
  for (const Delivery& delivery : deliveries) {
    if (delivery.status == 200) latencies.push_back(delivery.latency_ms());
    repeated += delivery.tries - 1;
  }
  std::printf("posts %zu\nacknowledged %zu\nposted_again %d\n", plan.size(), latencies.size(),
              repeated);
  std::printf("connections_opened %zu\nconnections_at_once %zu\n", poster.connections_opened(),
              poster.most_at_once());
  std::printf("seconds %.2f\nper_s %.0f\n", took.count(),
              static_cast<double>(latencies.size()) / took.count());
  show("acknowledgement", latencies);
  return kExitDone;
}

int storm(const Flags& flags) {
  StormShape shape;
  shape.containers = flags.containers;
  return deliver(plan_storm(shape), flags);
}

int steady(const Flags& flags) {
  return deliver(plan_evenly(flags.posts, flags.rate, flags.containers), flags);
}

// When load-peers saw the restart; nothing when it did not.
std::optional<SteadyTime> await_restart(const UniqueFd& peers, std::string& buffer,
                                        const std::string& name) {
  send_all(peers, "GET /-/restart/" + name + " HTTP/1.1\r\n\r\n");
  const auto answer = read_http_text(buffer, [&] { return receive_some(peers, buffer); });
  if (!answer || answer->status() != 200) return std::nullopt;
  return SteadyTime(nanoseconds(std::atoll(answer->body.c_str())));
}

double ms_between(SteadyTime from, SteadyTime to) {
  return std::chrono::duration<double, std::milli>(to - from).count();
}

int single(const Flags& flags) {
  const auto plan = plan_evenly(flags.posts, kSinglesPerSecond, flags.posts);
  const auto request_of = requests_of(plan, flags);
  const UniqueFd peers = connect_tcp(flags.peers_port);
  std::string buffer;
  AlertPoster poster(flags.port, kAnyNumber);
  std::vector<double> since_answer, since_sent;
  // The gap lets the one before be verified, so that it is in nobody's way.
  const auto gap = plan.size() > 1 ? plan[1].due : nanoseconds(0);
  for (size_t i = 0; i < plan.size(); ++i) {
    const auto posted = poster.deliver(
        {gap}, [&](size_t) { return request_of(i); }, kPatience);
    const auto at = await_restart(peers, buffer, container_name(plan[i].container));
    if (!at || posted[0].status != 200) continue;
    since_answer.push_back(ms_between(posted[0].answered_at, *at));
    since_sent.push_back(ms_between(posted[0].sent_at, *at));
  }
  std::printf("posts %zu\nrestarted %zu\n", plan.size(), since_answer.size());
  show("restart_since_answer", since_answer);
  show("restart_since_sent", since_sent);
  return kExitDone;
}

int drip_for(const Flags& flags) {
  const DripCounts counts =
      drip(flags.port, flags.clients,
           std::chrono::duration_cast<nanoseconds>(std::chrono::duration<double>(flags.seconds)));
  std::printf("drip_opened %llu\ndrip_cut %llu\n", static_cast<unsigned long long>(counts.opened),
              static_cast<unsigned long long>(counts.cut));
  return kExitDone;
}

int run(int argc, char** argv) {
  Flags flags;
  std::string what;
  CLI::App app("Loads a remediator", "remediator-load");
  app.add_option("what", what, "storm, steady, single or drip")
      ->required()
      ->check(CLI::IsMember({"storm", "steady", "single", "drip"}));
  add_flag(app, "--port", flags.port, "The remediator's port")->required();
  add_flag(app, "--peers-port", flags.peers_port, "load-peers' port, for single");
  add_flag(app, "--token-file", flags.token_file, "File with the webhook's token");
  add_flag(app, "--containers", flags.containers, "How many are broken");
  add_flag(app, "--posts", flags.posts, "How many alerts, for steady and single");
  add_flag(app, "--rate", flags.rate, "Alerts a second, for steady");
  add_flag(app, "--connections", flags.connections, "At most, for steady");
  add_flag(app, "--clients", flags.clients, "How many, for drip");
  add_flag(app, "--seconds", flags.seconds, "For how long, for drip");
  if (const auto status = parse_command_line(app, argc, argv)) return *status;
  if (what == "storm") return storm(flags);
  if (what == "steady") return steady(flags);
  if (what == "single") return single(flags);
  return drip_for(flags);
}

}  // namespace
}  // namespace selfheal::bench

int main(int argc, char** argv) {
  return selfheal::bench::run(argc, argv);
}
