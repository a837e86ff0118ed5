// A web service that can be broken on purpose: something for selfheal to heal.
//
//   PORT=8080 [UPSTREAM=db:8080] [DRAIN=20] sample-app    serves until SIGTERM
//   PORT=8080 sample-app --healthcheck
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <optional>
#include <string_view>
#include <thread>

#include <unistd.h>

#include "compose/sample-app/app.h"
#include "compose/sample-app/app_metrics.h"
#include "compose/sample-app/healthcheck.h"
#include "compose/sample-app/web.h"

namespace {

constexpr uint16_t kDefaultPort = 8080;
constexpr int kCrashSignal = SIGUSR1;
constexpr std::chrono::milliseconds kTimeForTheAnswer{50};  // that the app is going to crash
constexpr std::chrono::seconds kHealthcheckPatience{2};
constexpr int kBadUsage = 2;

// Nothing where it is no number.
std::optional<uint16_t> number_from_environment(const char* name, uint16_t otherwise) {
  const char* text = std::getenv(name);
  if (text == nullptr || *text == '\0') return otherwise;
  const std::string_view view(text);
  uint16_t number = 0;
  const auto [end, fault] = std::from_chars(view.data(), view.data() + view.size(), number);
  if (fault != std::errc() || end != view.data() + view.size()) return std::nullopt;
  return number;
}

struct UpstreamChoice {
  std::optional<sample_app::Peer> peer;
  bool valid = true;
};
UpstreamChoice upstream_from_environment() {
  const char* text = std::getenv("UPSTREAM");
  if (text == nullptr || *text == '\0') return {};
  std::optional<sample_app::Peer> peer = sample_app::parse_peer(text);
  const bool valid = peer.has_value();
  return {std::move(peer), valid};
}

// Before any thread starts: the signals are taken by wait_for_end() alone. They need to be, the
// kernel does not deliver to a container's first process what it has not asked for.
sigset_t take_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (int signal : {SIGTERM, SIGINT, kCrashSignal}) sigaddset(&signals, signal);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  return signals;
}

// As what shuts down in good order: it takes no new requests, and ends when the last one is
// answered.
void drain_for(std::chrono::seconds time, sample_app::App& app) {
  if (time.count() == 0) return;
  std::printf("draining\n");
  app.break_with({sample_app::FailureMode::error});
  std::this_thread::sleep_for(time);
}

// The exit status.
int wait_for_end(const sigset_t& signals, std::chrono::seconds drain, sample_app::App& app) {
  int signal = 0;
  sigwait(&signals, &signal);
  if (signal != kCrashSignal) {
    drain_for(drain, app);
    return 0;
  }
  std::this_thread::sleep_for(kTimeForTheAnswer);
  std::printf("crashed\n");
  return 1;
}

int serve(uint16_t port, const std::optional<sample_app::Peer>& upstream,
          std::chrono::seconds drain) {
  const sigset_t signals = take_signals();
  sample_app::App app(sample_app::kHeldRequests);
  sample_app::AppMetrics metrics;
  const auto crash = [] { kill(getpid(), kCrashSignal); };
  sample_app::Web web(app, metrics, crash, upstream, port);
  std::printf("listening on port %d\n", web.port());
  const int status = wait_for_end(signals, drain, app);
  // No orderly shutdown: it would wait for requests that hang, and there is nothing to save.
  std::fflush(stdout);
  _exit(status);
}

}  // namespace

int main(int argc, char** argv) {
  std::setvbuf(stdout, nullptr, _IOLBF, 0);  // `docker logs` sees each line at once
  const auto port = number_from_environment("PORT", kDefaultPort);
  if (!port) {
    std::fprintf(stderr, "sample-app: PORT must be a port number\n");
    return kBadUsage;
  }
  const auto drain = number_from_environment("DRAIN", 0);
  if (!drain) {
    std::fprintf(stderr, "sample-app: DRAIN must be a number of seconds\n");
    return kBadUsage;
  }
  if (argc == 2 && std::string_view(argv[1]) == "--healthcheck") {
    const sample_app::Peer self{"127.0.0.1", std::to_string(*port)};
    return sample_app::is_healthy(self, kHealthcheckPatience) ? 0 : 1;
  }
  if (argc != 1) {
    std::fprintf(
        stderr,
        "usage: [PORT=8080] [UPSTREAM=HOST:PORT] [DRAIN=SECONDS] sample-app [--healthcheck]\n");
    return kBadUsage;
  }
  const UpstreamChoice upstream = upstream_from_environment();
  if (!upstream.valid) {
    std::fprintf(stderr, "sample-app: UPSTREAM must be HOST:PORT\n");
    return kBadUsage;
  }
  try {
    return serve(*port, upstream.peer, std::chrono::seconds(*drain));
  } catch (const std::exception& fault) {
    std::fprintf(stderr, "sample-app: %s\n", fault.what());
    return 1;
  }
}
