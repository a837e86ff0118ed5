#include "exporter/exporter.h"

#include <algorithm>
#include <utility>

#include "common/base/log.h"

namespace selfheal {
namespace {

void log_warnings(const ExporterSettings& settings) {
  for (const std::string& warning : settings.warnings)
    log::warn("in the configuration", {{"what", warning}});
}

}  // namespace

Exporter::Exporter(ExporterOptions options, ExporterSettings settings, const Clock& clock,
                   DockerApi& docker)
    : options_(std::move(options)),
      most_probes_on_demand_(settings.probes_on_demand),
      clock_(clock),
      docker_(docker),
      settings_(settings),
      connection_row_(options_.docker_host),
      probe_loop_(clock, docker, table_, metrics_.probe_lateness(),
                  static_cast<size_t>(settings.probes_in_flight),
                  [this](const WatchedContainer& container) { watcher_.look_at(container); }),
      watcher_(
          docker, clock, {settings.resync_interval, settings.discovery},
          {[this](const InventoryChange& change) { take(change); },
           [this](const std::string& host, bool connected) { note_connection(host, connected); },
           [this] { probe_loop_.after_applied([this] { ready_ = true; }); }}),
      on_demand_prober_(clock, docker, static_cast<size_t>(settings.probes_on_demand)),
      probe_history_(options_.history_limit),
      probe_endpoint_(on_demand_prober_, probe_history_, options_.timeout_offset,
                      metrics_.registry()),
      health_metrics_(table_),
      web_metrics_("selfheal_exporter", options_.web_gate,
                   options_.web_gate ? options_.web_gate->logins() : nullptr),
      targets_page_(table_, probe_history_, options_.telemetry_path, clock),
      server_({.listen_addresses = options_.listen_addresses,
               .gate = options_.web_gate,
               .waiting_handlers = most_probes_on_demand_},
              clock) {
  probe_loop_.set_exec_limit(static_cast<size_t>(settings.exec_in_flight));
  probe_endpoint_.use(settings.discovery);
  table_.set_connection(connection_row_, false, connection_row_);
  metrics_.config_loaded(to_unix_seconds(clock.wall_now()));
  metrics_endpoint_.add(health_metrics_);
  metrics_endpoint_.add(metrics_.registry());
  metrics_endpoint_.add(process_metrics_);
  metrics_endpoint_.add(web_metrics_);
}

Exporter::~Exporter() {
  stop();
}

Outcome<> Exporter::start() {
  if (Outcome<> added = add_routes(); !added) return added;
  const std::lock_guard lock(settings_mutex_);  // a reload may be asked for as soon as it listens
  if (const Outcome<> listening = server_.start(); !listening) return listening.error();
  for (const std::string& address : server_.addresses())
    log::info("listening", {{"address", address}});
  log_warnings(settings_);
  probe_targets(changes({}, settings_.targets));
  watcher_.start();
  return Done{};
}

// Against the flow of data: what asks first, then what is asked.
void Exporter::stop() {
  if (std::exchange(stopped_, true)) return;
  on_demand_prober_.stop();
  server_.drain_and_stop();
  docker_.shut_down();
  watcher_.stop();
  probe_loop_.stop();
}

void Exporter::take(const InventoryChange& change) {
  // The row of a host that was renamed gets its new name with the connection, after this.
  if (change.cycles) table_.set_dependency_cycles(connection_row_, change.cycles->size());
  probe_loop_.apply(change);
}

// Until Docker has told its name, the row shows the address that is not answering.
void Exporter::note_connection(const std::string& host, bool connected) {
  const std::string row = host.empty() ? connection_row_ : host;
  table_.set_connection(row, connected, std::exchange(connection_row_, row));
  docker_connected_ = connected;
}

Outcome<> Exporter::reload() {
  const std::lock_guard lock(settings_mutex_);
  Result<ExporterSettings> read = read_config(options_.config_file);
  if (!read) {
    metrics_.config_refused();
    log::error("configuration not reloaded, the old one stays", {{"err", read.error().message}});
    return read.error();
  }
  take_over(*std::move(read));
  metrics_.config_loaded(to_unix_seconds(clock_.wall_now()));
  log::info("configuration reloaded",
            {{"file", options_.config_file}, {"has", summary(settings_)}});
  return Done{};
}

// What is the same as before keeps its state: the watcher and the loop compare by value.
void Exporter::take_over(ExporterSettings settings) {
  log_warnings(settings);
  const InventoryChange targets = changes(settings_.targets, settings.targets);
  settings_ = std::move(settings);
  probe_loop_.set_limit(static_cast<size_t>(settings_.probes_in_flight));
  probe_loop_.set_exec_limit(static_cast<size_t>(settings_.exec_in_flight));
  set_probes_on_demand(settings_.probes_on_demand);
  probe_endpoint_.use(settings_.discovery);
  probe_targets(targets);
  watcher_.reconfigure({settings_.resync_interval, settings_.discovery});
}

// Those of the configuration wait for no Docker, which may be missing for good.
void Exporter::probe_targets(const InventoryChange& change) {
  probe_loop_.apply(change);
  if (!settings_.targets.empty()) probe_loop_.after_applied([this] { ready_ = true; });
}

void Exporter::set_probes_on_demand(int limit) {
  if (limit > most_probes_on_demand_)
    log::warn(
        "limits.probes_on_demand grows beyond what it was at the start only by a restart",
        {{"wanted", std::to_string(limit)}, {"in_force", std::to_string(most_probes_on_demand_)}});
  on_demand_prober_.set_limit(static_cast<size_t>(std::min(limit, most_probes_on_demand_)));
}

ServerResponse Exporter::reload_response() {
  if (!options_.enable_lifecycle)
    return {.status = 403,
            .body = "start with --web.enable-lifecycle to allow this\n",
            .headers = {},
            .close_connection = true};
  const Outcome<> done = reload();
  if (done) return {.body = "reloaded\n", .headers = {}};
  return {.status = 500, .body = "not reloaded: " + done.error().message + "\n", .headers = {}};
}

ServerResponse Exporter::ready_response() const {
  // Without Docker it goes on probing what it knows, and Prometheus has to go on scraping it.
  if (ready_ && docker_connected_) return {.body = "ready\n", .headers = {}};
  if (ready_)
    return {.body = "ready\nDocker does not answer at " + options_.docker_host + "\n",
            .headers = {}};
  return {.status = 503,
          .body = "waiting for Docker's first answer at " + options_.docker_host + "\n",
          .headers = {}};
}

Outcome<> Exporter::add_routes() {
  server_.route("GET", "/probe",
                [this](ServerRequest& request) { return probe_endpoint_.probe(request); });
  server_.route("GET", "/logs",
                [this](ServerRequest& request) { return probe_endpoint_.logs(request); });
  if (options_.telemetry_path != "/")  // where it is, there is no landing page
    server_.route("GET", "/",
                  [this](ServerRequest& request) { return targets_page_.html(request); });
  server_.route("GET", "/api/v1/targets", [this](ServerRequest&) { return targets_page_.json(); });
  server_.route("GET", "/config", [this](ServerRequest&) -> ServerResponse {
    const std::lock_guard lock(settings_mutex_);
    return {.body = to_yaml(settings_), .headers = {}};
  });
  server_.route("GET", "/-/healthy", [](ServerRequest&) -> ServerResponse {
    return {.body = "healthy\n", .headers = {}};
  });
  server_.route("GET", "/-/ready", [this](ServerRequest&) { return ready_response(); });
  server_.route("POST", "/-/reload", [this](ServerRequest&) { return reload_response(); });
  return metrics_endpoint_.add_to(server_, options_.telemetry_path);
}

}  // namespace selfheal
