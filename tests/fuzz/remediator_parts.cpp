#include "tests/fuzz/remediator_parts.h"

#include <spdlog/spdlog.h>

#include "common/base/log.h"
#include "common/http/dispatch.h"
#include "tests/fuzz/fuzzers.h"

namespace selfheal::fuzz {

std::filesystem::path memory_folder() {
  std::error_code none;
  return std::filesystem::is_directory("/dev/shm", none) ? "/dev/shm"
                                                         : std::filesystem::temp_directory_path();
}

void be_quiet() {
  log::configure(log::Level::error, log::Format::logfmt);
  if (const auto logger = spdlog::get("selfheal")) logger->set_level(spdlog::level::off);
}

RemediatorParts::RemediatorParts()
    : tokens_(BearerToken("secret"), std::make_shared<LoginLimit>(clock)),
      server_({.listen_addresses = {}}, clock) {
  be_quiet();
  docker.add("web");
  hosts.start(Milliseconds(20'000));
  const std::string file = folder.path("journal.db");
  auto opened = Journal::open(file);
  demand(opened.ok(), opened ? "" : opened.error().message.c_str());
  journal = *std::move(opened);
  beside_ = std::make_unique<SqliteConnection>(file, SqliteConnection::Mode::read_write);
  const auto wake = [](const std::vector<int64_t>&) {};
  intake = std::make_unique<AlertIntake>(*journal, recorder, settings, metrics, clock, wake);
  webhook_ = std::make_unique<Webhook>(*intake, tokens_, settings, metrics);
  reads_ = std::make_unique<ReadAccess>(false, tokens_, [] { return false; });
  api_ = std::make_unique<Api>(*journal, hosts, settings, *reads_, clock, wake, tokens_);
  readiness_ = std::make_unique<Readiness>(hosts, *journal, settings, clock);
  pages_ = std::make_unique<WebPages>(*journal, *readiness_, settings, *reads_,
                                      WebPages::Options{"/metrics", true}, clock);
  server_.route(
      "POST", "/api/v1/alerts", [this](ServerRequest& r) { return webhook_->handle(r); },
      Access::own_secret);
  api_->add_to(server_, Access::own_secret);
  pages_->add_to(server_);
}

ServerResponse RemediatorParts::answer(ServerRequest& request) {
  return dispatch(server_.table(), nullptr, request);
}

int64_t RemediatorParts::journal_version() {
  return beside_->number("PRAGMA data_version");
}

void RemediatorParts::forget() {
  beside_->execute(
      "PRAGMA foreign_keys = ON; BEGIN IMMEDIATE; DELETE FROM incident; DELETE FROM pause; "
      "DELETE FROM reset; DELETE FROM watchdog; COMMIT");
}

}  // namespace selfheal::fuzz
