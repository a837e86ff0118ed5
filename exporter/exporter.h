// The exporter wired together, in the order in which data flows:
//
//   Docker ─▶ watcher ─▶ probe loop ─▶ health table ─▶ metrics, pages ─▶ web server
//                                                       /probe ─▶ on-demand prober
//
// Targets from the configuration come into the probe loop beside those of the watcher.
// main.cpp parses flags and owns one; tests run it in-process on port 0. start(), reload() and
// stop() belong to the thread that owns it, reload() is also called by web server threads.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <prometheus/registry.h>

#include "common/base/clock.h"
#include "common/docker/docker_api.h"
#include "common/exposition/metrics_endpoint.h"
#include "common/exposition/process_metrics.h"
#include "common/exposition/web_metrics.h"
#include "common/http/http_server.h"
#include "exporter/blackbox/on_demand_prober.h"
#include "exporter/blackbox/probe_endpoint.h"
#include "exporter/blackbox/probe_history.h"
#include "exporter/config.h"
#include "exporter/discovery/docker_watcher.h"
#include "exporter/health/health_table.h"
#include "exporter/metrics/exporter_metrics.h"
#include "exporter/metrics/health_metrics.h"
#include "exporter/pages/targets_page.h"
#include "exporter/probe_loop.h"

namespace selfheal {

struct ExporterOptions {
  std::string config_file;
  std::vector<std::string> listen_addresses{":10115"};
  std::string telemetry_path = "/metrics";
  bool enable_lifecycle = false;
  std::string docker_host;  // for people; the calls go to the DockerApi
  // Of /probe.
  TraceSeconds timeout_offset{0.5};  // what is left of a scrape's timeout for the way back
  size_t history_limit = 100;        // probes remembered for /logs and the landing page
  std::shared_ptr<WebGate> web_gate = nullptr;  // null: plain HTTP for everybody
};

class Exporter {
 public:
  // `settings` is what the configuration file said. `docker` is shut down by stop().
  Exporter(ExporterOptions options, ExporterSettings settings, const Clock& clock,
           DockerApi& docker);
  ~Exporter();

  // Once. Listens and works; the error says why it can't.
  Outcome<> start();
  // Takes the configuration file anew; a faulty one changes nothing and is logged.
  Outcome<> reload();
  // Idempotent.
  void stop();

  uint16_t port() const { return server_.port(); }
  std::vector<std::string> addresses() const { return server_.addresses(); }
  // Once something is watched: what Docker listed, or targets of the configuration.
  bool ready() const { return ready_; }

 private:
  // The error says that --web.telemetry-path is taken.
  Outcome<> add_routes();
  void take_over(ExporterSettings settings);
  void probe_targets(const InventoryChange& change);
  void set_probes_on_demand(int limit);
  // On the watcher's thread.
  void take(const InventoryChange& change);
  void note_connection(const std::string& host, bool connected);
  ServerResponse reload_response();
  ServerResponse ready_response() const;

  const ExporterOptions options_;
  const int most_probes_on_demand_;  // the web server has threads for so many
  const Clock& clock_;
  DockerApi& docker_;

  std::mutex settings_mutex_;  // one reload at a time
  ExporterSettings settings_;
  std::atomic<bool> ready_{false};
  std::atomic<bool> docker_connected_{false};
  std::string connection_row_;  // the watcher's thread only: as which host the connection is shown

  ExporterMetrics metrics_;
  HealthTable table_;
  ProbeLoop probe_loop_;
  DockerWatcher watcher_;
  OnDemandProber on_demand_prober_;
  ProbeHistory probe_history_;
  ProbeEndpoint probe_endpoint_;
  HealthMetrics health_metrics_;
  ProcessMetrics process_metrics_;
  WebMetrics web_metrics_;
  MetricsEndpoint metrics_endpoint_{clock_};
  TargetsPage targets_page_;
  HttpServer server_;
  bool stopped_ = false;
};

}  // namespace selfheal
