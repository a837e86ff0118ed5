// What the remediator speaks to while it is measured: a Docker Engine on a unix socket, as slow as
// told (stand_in_engine.h), and a Prometheus that says of every alert that it fires, of every
// restarted container that it is well, and that nothing is held, or all, with --held. Runs until it
// is killed.
//
// Prints "listening PORT" for Prometheus. Beside its API that port has GET /-/restart/NAME,
// answered when that container was to be restarted, with the moment on the monotonic clock in
// nanoseconds.
#include <csignal>
#include <cstdio>

#include <unistd.h>

#include "bench/load/stand_in_engine.h"
#include "common/base/flags.h"
#include "tests/support/stub_server.h"

namespace selfheal::bench {
namespace {

constexpr Milliseconds kRestartPatience{10'000};
constexpr std::string_view kRestartPath = "/-/restart/";

struct Flags {
  std::string docker_socket;
  int answer_ms = 0;
  int restart_ms = 0;
  bool held = false;
};

std::string vector_of(const std::string& series) {
  return http_response(
      200, R"({"status":"success","data":{"resultType":"vector","result":[)" + series + "]}}");
}

// The queries are told apart by their words: policy asks for holds, all others for health.
std::string answer_query(const std::string& form, bool held) {
  const std::string firing =
      R"({"metric":{"__name__":"ALERTS","alertstate":"firing"},"value":[0,"1"]})";
  const std::string hold =
      R"({"metric":{"__name__":"selfheal:hold","reason":"storm"},"value":[0,"1"]})";
  if (form.find("hold") == std::string::npos) return vector_of(R"({"metric":{},"value":[0,"1"]})");
  return vector_of(held ? firing + "," + hold : firing);
}

std::string answer_restart(StandInEngine& engine, const std::string& name) {
  const auto at = engine.restart_of(name, kRestartPatience);
  if (!at) return http_response(504, "not restarted\n");
  return http_response(200, std::to_string(at->time_since_epoch().count()) + "\n");
}

int run(int argc, char** argv) {
  Flags flags;
  CLI::App app("Stands in for Docker and Prometheus", "load-peers");
  add_flag(app, "--docker-socket", flags.docker_socket, "Path of Docker's socket")->required();
  add_flag(app, "--answer-ms", flags.answer_ms, "How long Docker takes for each answer");
  add_flag(app, "--restart-ms", flags.restart_ms, "How long it takes for a restart beside that");
  add_switch(app, "--held", flags.held, "Policy holds every container");
  if (const auto status = parse_command_line(app, argc, argv)) return *status;
  StandInEngine engine({Milliseconds(flags.answer_ms), Milliseconds(flags.restart_ms)});
  const StubServer docker(
      [&](StubConnection& connection) {
        while (const auto request = connection.read_request())
          if (!connection.send(engine.answer(*request))) return;
      },
      flags.docker_socket);
  const StubServer prometheus([&](StubConnection& connection) {
    while (const auto request = connection.read_request()) {
      const std::string target = request->target();
      connection.send(target.starts_with(kRestartPath)
                          ? answer_restart(engine, target.substr(kRestartPath.size()))
                          : answer_query(request->body, flags.held));
    }
  });
  std::printf("listening %u\n", prometheus.port());
  std::fflush(stdout);
  for (;;) pause();
}

}  // namespace
}  // namespace selfheal::bench

int main(int argc, char** argv) {
  return selfheal::bench::run(argc, argv);
}
