#include "remediator/remediator.h"

#include <algorithm>

#include "common/base/log.h"
#include "common/base/text_list.h"
#include "common/docker/docker_client.h"
#include "common/http/client_address.h"
#include "remediator/addresses.h"
#include "remediator/intake/peer_addresses.h"

namespace selfheal {
namespace {

constexpr Milliseconds kEngineInterval{5000};
// What engines that are away may delay the start by.
constexpr Milliseconds kFirstAnswer{2000};
// Beside those that wait for Docker to restart a container, for judging and verifying the others.
constexpr int kSpareHands = 6;

int hands_for(const RemediatorSettings& settings) {
  return settings.guards.concurrent_attempts + kSpareHands;
}

ServerResponse text(int status, std::string body) {
  ServerResponse response;
  response.status = status;
  response.body = std::move(body) + "\n";
  return response;
}

RemediatorSettings with_flags(RemediatorSettings settings, const RemediatorOptions& options) {
  settings.guards.dry_run = options.dry_run;
  return settings;
}

Result<std::optional<BearerToken>> read_token(const std::string& path) {
  if (path.empty()) return std::optional<BearerToken>();
  Result<BearerToken> token = BearerToken::from_file(path);
  if (!token) return token.error();
  return std::optional<BearerToken>(*std::move(token));
}

OutcomeSender::Alertmanagers clients_of(const std::vector<std::string>& urls, const Clock& clock) {
  OutcomeSender::Alertmanagers clients;
  for (const std::string& url : urls)
    clients.push_back(std::make_unique<AlertmanagerClient>(url, kPostTimeout, clock));
  return clients;
}

// One for users and token alike. Alertmanager tries again every second: locked out, it would heal
// nothing. It often runs on this machine, so neither is loopback.
std::shared_ptr<LoginLimit> login_limit(const RemediatorOptions& options, const Clock& clock) {
  auto logins = options.web_gate ? options.web_gate->logins() : std::make_shared<LoginLimit>(clock);
  std::vector<std::string> hosts;
  for (const std::string& url : options.alertmanager_urls) hosts.push_back(host_of(url));
  const auto alertmanagers = std::make_shared<PeerAddresses>(std::move(hosts), clock);
  logins->set_exempt([alertmanagers](const std::string& client) {
    return is_loopback(client) || alertmanagers->contains(client);
  });
  return logins;
}

}  // namespace

Result<std::unique_ptr<Remediator>> Remediator::create(const RemediatorOptions& given,
                                                       const Clock& clock) {
  RemediatorOptions options = given;
  auto settings = read_config(options.config_file);
  if (!settings) return settings.error();
  auto token = read_token(options.webhook_token_file);
  if (!token) return token.error();
  auto alertmanager_urls = base_urls("--alertmanager.url", options.alertmanager_urls);
  if (!alertmanager_urls) return alertmanager_urls.error();
  options.alertmanager_urls = *std::move(alertmanager_urls);
  auto prometheus_url = optional_base_url("--prometheus.url", options.prometheus_url);
  if (!prometheus_url) return prometheus_url.error();
  options.prometheus_url = *std::move(prometheus_url);
  auto external_url = optional_base_url("--web.external-url", options.external_url);
  if (!external_url) return external_url.error();
  options.external_url = *std::move(external_url);
  const auto engines = engine_addresses(options.docker, settings->docker_hosts);
  if (!engines) return engines.error();
  if (!*token) {
    auto addresses = loopback_only(options.listen_addresses);
    if (!addresses) return addresses.error();
    options.listen_addresses = *std::move(addresses);
    log::warn("no --webhook.token-file: listening on loopback only");
  }
  const auto loopback = loopback_only(options.listen_addresses);
  if (!options.alertmanager_urls.empty() && options.external_url.empty() && loopback &&
      *loopback == options.listen_addresses)
    log::warn(
        "no --web.external-url, and listening on loopback only: what people are told links to "
        "where "
        "nobody but this machine gets");
  if (options.prometheus_url.empty())
    log::warn(
        "no --prometheus.url: no holds are known, and Docker's health decides what is healthy");
  if (settings->protect_reads && !*token)
    log::warn("web.protect_reads: there is no token, so nothing is protected");
  if (options.alertmanager_urls.empty())
    log::info("no --alertmanager.url: people are not told what becomes of attempts");
  auto journal = Journal::open(options.journal_path);
  if (!journal) return journal.error();
  return std::unique_ptr<Remediator>(new Remediator(options, with_flags(*settings, options),
                                                    *std::move(token), *std::move(journal),
                                                    *engines, clock));
}

Remediator::Remediator(const RemediatorOptions& options, RemediatorSettings settings,
                       std::optional<BearerToken> token, std::unique_ptr<Journal> journal,
                       const std::vector<EngineAddress>& engines, const Clock& system_clock)
    : options_(options),
      clock_(system_clock),
      logins_(login_limit(options, system_clock)),
      settings_(settings),
      journal_(std::move(journal)),
      clock_keeper_(*journal_, clock_, metrics_),
      retention_(*journal_, settings_, clock_),
      prometheus_(options.prometheus_url.empty()
                      ? nullptr
                      : std::make_unique<PrometheusClient>(options.prometheus_url,
                                                           settings.prometheus_timeout, clock_)),
      hosts_(engines_at(engines), clock_, kEngineInterval),
      outcome_sender_(*journal_, clients_of(options.alertmanager_urls, clock_), metrics_, clock_),
      recorder_(settings_, metrics_,
                options.alertmanager_urls.empty()
                    ? std::function<void()>()
                    : std::function<void()>([this] { outcome_sender_.wake(); })),
      facts_reader_(hosts_, prometheus_.get()),
      runner_(*journal_, hosts_, prometheus_.get(), facts_reader_, recorder_, settings_, metrics_,
              clock_),
      dispatcher_(
          *journal_, clock_, hands_for(settings), [this](int64_t id) { return runner_.step(id); },
          hosts_.names(), [this] { return clock_keeper_.keep(); }),
      intake_(*journal_, recorder_, settings_, metrics_, clock_,
              [this](const std::vector<int64_t>& ids) { dispatcher_.wake(ids); }),
      tokens_(std::move(token), logins_),
      webhook_(intake_, tokens_, settings_, metrics_),
      reads_(settings.protect_reads && !options.webhook_token_file.empty(), tokens_,
             [this] { return options_.web_gate && options_.web_gate->asks_who(); }),
      api_(
          *journal_, hosts_, settings_, reads_, clock_,
          [this](const std::vector<int64_t>& ids) { dispatcher_.wake(ids); }, tokens_),
      readiness_(hosts_, *journal_, settings_, clock_),
      pages_(*journal_, readiness_, settings_, reads_,
             {options.telemetry_path, !options.webhook_token_file.empty()}, clock_),
      journal_metrics_(*journal_, hosts_, settings_, clock_),
      web_metrics_("selfheal_remediator", options_.web_gate, logins_),
      server_({.listen_addresses = options_.listen_addresses, .gate = options_.web_gate}, clock_) {
  metrics_.config_reloaded(true, clock_.wall_now());
  (void)journal_
      ->read([this](JournalReader& reader) {
        if (const auto seen = reader.watchdog_last_seen()) metrics_.watchdog_seen(*seen);
      })
      .ok();
  metrics_endpoint_.add(metrics_.collectable());
  metrics_endpoint_.add(journal_metrics_);
  metrics_endpoint_.add(process_metrics_);
  metrics_endpoint_.add(web_metrics_);
}

std::vector<NamedEngine> Remediator::engines_at(const std::vector<EngineAddress>& engines) {
  std::vector<NamedEngine> clients;
  for (const EngineAddress& engine : engines)
    clients.push_back({engine.name, engine.url,
                       std::make_shared<DockerClient>(
                           engine.address, clock_,
                           [this](std::string_view call, std::chrono::duration<double> took) {
                             metrics_.docker_call(call, took);
                           })});
  return clients;
}

Remediator::~Remediator() {
  stop();
}

Outcome<> Remediator::add_routes() {
  const Access of_posts =
      options_.webhook_token_file.empty() ? Access::web_users : Access::own_secret;
  server_.route(
      "POST", "/api/v1/alerts", [this](ServerRequest& r) { return webhook_.handle(r); }, of_posts);
  api_.add_to(server_, of_posts);
  pages_.add_to(server_);
  const auto config = [this](ServerRequest&) { return text(200, to_yaml(*settings_.get())); };
  server_.route("GET", "/config", reads_.guard(config), reads_.access());
  server_.route("GET", "/-/healthy", [](ServerRequest&) { return text(200, "healthy"); });
  server_.route("GET", "/-/ready", [this](ServerRequest&) { return ready_response(); });
  const auto reload = [this](ServerRequest& r) {
    auto refused = tokens_.refuse(r);
    return refused ? *std::move(refused) : reload_response();
  };
  server_.route("POST", "/-/reload", reload, of_posts);
  return metrics_endpoint_.add_to(server_, options_.telemetry_path);
}

ServerResponse Remediator::ready_response() const {
  const std::string reasons = joined(readiness_.reasons_against(), "\n");
  if (!reasons.empty()) return text(503, reasons);
  std::string ready = "ready";
  for (const std::string& remark : readiness_.remarks()) ready += "\n" + remark;
  return text(200, ready);
}

ServerResponse Remediator::reload_response() {
  if (!options_.enable_lifecycle)
    return text(403, "reloading over HTTP needs --web.enable-lifecycle; SIGHUP always works");
  const Outcome<> reloaded = reload();
  return reloaded ? text(200, "reloaded") : text(500, reloaded.error().message);
}

Outcome<> Remediator::reload() {
  const std::lock_guard lock(reload_mutex_);
  auto settings = read_config(options_.config_file);
  auto token = read_token(options_.webhook_token_file);
  if (!settings || !token) {
    const Error fault = settings ? token.error() : settings.error();
    metrics_.config_reloaded(false, clock_.wall_now());
    log::error("reload failed, what was loaded before stays", {{"err", fault.message}});
    return fault;
  }
  if (settings->protect_reads != settings_.get()->protect_reads)
    log::warn("web.protect_reads has changed, and counts from the next start on");
  if (settings->docker_hosts != settings_.get()->docker_hosts)
    log::warn("docker.hosts has changed, and counts from the next start on");
  settings_.set(with_flags(*settings, options_));
  if (prometheus_) prometheus_->set_timeout(settings->prometheus_timeout);
  dispatcher_.set_hands(hands_for(*settings));
  if (*token) tokens_.set_token(**std::move(token));
  metrics_.config_reloaded(true, clock_.wall_now());
  log::info("reloaded", {{"file", options_.config_file}});
  return Done{};
}

Outcome<> Remediator::start() {
  if (Outcome<> added = add_routes(); !added) return added;
  clock_keeper_.look_back();
  if (const Outcome<> listening = server_.start(); !listening) return listening.error();
  for (const std::string& address : server_.addresses())
    log::info("listening", {{"address", address}});
  hosts_.start(kFirstAnswer);
  retention_.start();
  if (!options_.alertmanager_urls.empty()) outcome_sender_.start(external_url());
  dispatcher_.start();
  return Done{};
}

std::string Remediator::external_url() const {
  if (!options_.external_url.empty()) return options_.external_url;
  const bool tls = options_.web_gate && options_.web_gate->tls_context() != nullptr;
  return own_url(tls ? "https" : "http", port());
}

// First nothing new comes in, then what is under way ends; Docker's calls are not cut off, since a
// restart that loses its client can leave the container stopped.
void Remediator::stop() {
  server_.drain_and_stop();
  dispatcher_.stop();
  outcome_sender_.stop();
  retention_.stop();
  hosts_.stop();
}

}  // namespace selfheal
