// The remediator wired together, in the order in which data flows:
//
//   webhook ─▶ intake ─▶ journal ─▶ dispatcher ─▶ attempt runner ─▶ Docker
//                           │                        └── Prometheus: policy, verification
//                           └─▶ metrics, API
//
// main.cpp parses flags and owns one; tests run it in-process on port 0.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "common/docker/docker_client.h"
#include "common/docker/docker_flags.h"
#include "common/exposition/metrics_endpoint.h"
#include "common/exposition/process_metrics.h"
#include "common/exposition/web_metrics.h"
#include "remediator/act/attempt_runner.h"
#include "remediator/act/dispatcher.h"
#include "remediator/act/engine_watch.h"
#include "remediator/config.h"
#include "remediator/intake/webhook.h"

namespace selfheal {

struct RemediatorOptions {
  std::string config_file;
  std::vector<std::string> listen_addresses{":10116"};
  std::string telemetry_path = "/metrics";
  bool enable_lifecycle = false;
  std::shared_ptr<WebGate> web_gate = nullptr;  // null: plain HTTP for everybody
  DockerFlags docker;
  std::string prometheus_url;  // empty: own guards and Docker's health alone
  std::string journal_path;
  std::string webhook_token_file;  // empty: no token, loopback only
  bool dry_run = false;
};

class Remediator {
 public:
  // What is wrong with options, configuration, token or journal; nothing runs yet.
  static Result<std::unique_ptr<Remediator>> create(const RemediatorOptions& options,
                                                    const Clock& clock);
  ~Remediator();

  // Listens and works. The error says why it can't listen.
  Outcome<> start();
  // Takes configuration and token anew, all of it; a fault keeps what was. From any thread.
  Outcome<> reload();
  // Answers what is under way, lets steps finish. Idempotent.
  void stop();

  uint16_t port() const { return server_.port(); }

 private:
  Remediator(const RemediatorOptions& options, RemediatorSettings settings,
             std::optional<BearerToken> token, std::unique_ptr<Journal> journal,
             DockerAddress docker_address, const Clock& clock);
  // The error says that --web.telemetry-path is taken.
  Outcome<> add_routes();
  ServerResponse list_incidents(const ServerRequest& request);
  ServerResponse show_incident(const ServerRequest& request);
  ServerResponse reload_response();

  const RemediatorOptions options_;
  const Clock& clock_;
  CurrentSettings settings_;
  RemediationMetrics metrics_;
  std::unique_ptr<Journal> journal_;
  DockerClient docker_;
  std::unique_ptr<PrometheusClient> prometheus_;  // null without --prometheus.url
  EngineWatch engine_;
  FactsReader facts_reader_;
  AttemptRunner runner_;
  Dispatcher dispatcher_;
  AlertIntake intake_;
  Webhook webhook_;
  JournalMetrics journal_metrics_;
  ProcessMetrics process_metrics_;
  WebMetrics web_metrics_;
  MetricsEndpoint metrics_endpoint_{clock_};
  HttpServer server_;
  std::mutex reload_mutex_;
};

// [pure] Without a token only this machine may speak to it: ":10116" becomes "127.0.0.1:10116", and
// an address that others can reach is an error.
Result<std::vector<std::string>> loopback_only(const std::vector<std::string>& addresses);

}  // namespace selfheal
