// A Docker Engine on a unix socket, as far as DockerClient can tell: it speaks the API versions of
// its range, refuses the others as the real one does, and counts what it is asked.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "common/docker/docker_messages.h"
#include "tests/support/stub_server.h"
#include "tests/support/temp_folder.h"

namespace selfheal {

class FakeEngine {
 public:
  enum class Then { keep, close };
  // What comes back, whole or cut short; then the connection is kept or closed.
  struct Reply {
    std::string bytes;
    Then then = Then::keep;
  };

  FakeEngine(std::string oldest_version, std::string newest_version);

  DockerAddress address() const { return {"http://localhost", socket_path()}; }
  std::string socket_path() const { return folder_.path("docker.sock"); }

  // The reply to "POST /containers/web/start": without version prefix and query. Anything else is
  // answered with 404.
  void answer(const std::string& method_and_path, Reply reply);
  // The same, by what is asked; under the engine's lock.
  using Answer = std::function<Reply(const HttpText& request)>;
  void answer_by(const std::string& method_and_path, Answer answer);
  void set_versions(std::string oldest, std::string newest);

  // "POST /v1.41/containers/web/restart?t=10", in the order in which they came.
  std::vector<std::string> requests() const;
  int count(const std::string& part_of_request) const;
  // Of the last request, whatever it was.
  HttpText last() const;
  int connections() const { return server_->connections(); }

 private:
  void serve(StubConnection& connection);
  Reply reply_to(const HttpText& request);

  TempFolder folder_;
  mutable std::mutex mutex_;
  std::string oldest_;
  std::string newest_;
  std::map<std::string, Answer> answers_;
  std::vector<std::string> requests_;
  HttpText last_;
  std::unique_ptr<StubServer> server_;
};

}  // namespace selfheal
