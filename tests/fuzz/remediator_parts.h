// What of the remediator stands between the sockets and the journal, wired as Remediator does it,
// for fuzzers: no socket, no thread that acts, a journal on a file system in memory, a Docker of
// its own with the container "web" on the host "box", the token "secret".
#pragma once

#include <memory>

#include "common/http/http_server.h"
#include "remediator/intake/webhook.h"
#include "remediator/view/api.h"
#include "remediator/view/web_pages.h"
#include "tests/remediator/engines.h"
#include "tests/support/fake_docker.h"
#include "tests/support/manual_clock.h"
#include "tests/support/temp_folder.h"

namespace selfheal::fuzz {

// Where files cost no disk.
std::filesystem::path memory_folder();
// No line of log: a fuzzer has millions of reasons for one.
void be_quiet();

class RemediatorParts {
 public:
  RemediatorParts();

  // What the web server would answer.
  ServerResponse answer(ServerRequest& request);
  // A number that is another one when the journal was written to meanwhile.
  int64_t journal_version();
  // Everything of the journal.
  void forget();

  ManualClock clock;
  TempFolder folder{memory_folder()};
  FakeDocker docker{clock};
  CurrentSettings settings{RemediatorSettings{}};
  RemediationMetrics metrics;
  std::unique_ptr<Journal> journal;
  DockerHosts hosts{{borrowed(docker)}, clock, Milliseconds(3'600'000)};
  StepRecorder recorder{settings, metrics, [] {}};
  std::unique_ptr<AlertIntake> intake;

 private:
  TokenGate tokens_;
  std::unique_ptr<SqliteConnection> beside_;
  std::unique_ptr<Webhook> webhook_;
  std::unique_ptr<ReadAccess> reads_;
  std::unique_ptr<Api> api_;
  std::unique_ptr<Readiness> readiness_;
  std::unique_ptr<WebPages> pages_;
  HttpServer server_;
};

}  // namespace selfheal::fuzz
