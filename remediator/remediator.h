// The remediator wired together, in the order in which data flows:
//
//   webhook ─▶ intake ─▶ journal ─▶ dispatcher ─▶ attempt runner ─▶ Docker
//                           │ │                      └── Prometheus: policy, verification
//                           │ └─▶ outcome sender ─▶ Alertmanager
//                           └─▶ metrics, API, pages
//
// main.cpp parses flags and owns one; tests run it in-process on port 0.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "common/docker/docker_flags.h"
#include "common/exposition/metrics_endpoint.h"
#include "common/exposition/process_metrics.h"
#include "common/exposition/web_metrics.h"
#include "remediator/act/attempt_runner.h"
#include "remediator/act/clock_keeper.h"
#include "remediator/act/dispatcher.h"
#include "remediator/act/docker_hosts.h"
#include "remediator/config.h"
#include "remediator/intake/webhook.h"
#include "remediator/journal/journal_clock.h"
#include "remediator/journal/retention.h"
#include "remediator/metrics/remediation_metrics.h"
#include "remediator/outcome/outcome_sender.h"
#include "remediator/view/api.h"
#include "remediator/view/journal_metrics.h"
#include "remediator/view/readiness.h"
#include "remediator/view/web_pages.h"

namespace selfheal {

struct RemediatorOptions {
  std::string config_file;
  std::vector<std::string> listen_addresses{":10116"};
  std::string telemetry_path = "/metrics";
  bool enable_lifecycle = false;
  std::shared_ptr<WebGate> web_gate = nullptr;  // null: plain HTTP for everybody
  DockerFlags docker;
  std::string prometheus_url;                  // empty: own guards and Docker's health alone
  std::vector<std::string> alertmanager_urls;  // empty: nobody is told
  std::string external_url;                    // empty: by this machine's name
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
  // Method and path of all that is answered, "*" at the end for everything below.
  std::vector<std::pair<std::string, std::string>> routes() const { return server_.routes(); }

 private:
  Remediator(const RemediatorOptions& options, RemediatorSettings settings,
             std::optional<BearerToken> token, std::unique_ptr<Journal> journal,
             const std::vector<EngineAddress>& engines, const Clock& system_clock);
  std::vector<NamedEngine> engines_at(const std::vector<EngineAddress>& engines);
  // The error says that --web.telemetry-path is taken.
  Outcome<> add_routes();
  ServerResponse ready_response() const;
  ServerResponse reload_response();
  std::string external_url() const;

  const RemediatorOptions options_;
  JournalClock clock_;
  const std::shared_ptr<LoginLimit> logins_;
  CurrentSettings settings_;
  RemediationMetrics metrics_;
  std::unique_ptr<Journal> journal_;
  ClockKeeper clock_keeper_;
  Retention retention_;
  std::unique_ptr<PrometheusClient> prometheus_;  // null without --prometheus.url
  DockerHosts hosts_;
  OutcomeSender outcome_sender_;
  StepRecorder recorder_;
  FactsReader facts_reader_;
  AttemptRunner runner_;
  Dispatcher dispatcher_;
  AlertIntake intake_;
  TokenGate tokens_;
  Webhook webhook_;
  ReadAccess reads_;
  Api api_;
  Readiness readiness_;
  WebPages pages_;
  JournalMetrics journal_metrics_;
  ProcessMetrics process_metrics_;
  WebMetrics web_metrics_;
  MetricsEndpoint metrics_endpoint_{clock_};
  HttpServer server_;
  std::mutex reload_mutex_;
};

}  // namespace selfheal
