// A Docker Engine on a unix socket with running containers in its memory, that faults where a test
// says so: at one call on one container, or as a whole. It knows how often it was asked, and how
// often a container really started anew. Safe from any thread.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "common/base/clock.h"
#include "tests/support/stub_server.h"
#include "tests/support/temp_folder.h"

namespace selfheal {

class FaultyEngine {
 public:
  enum class Call { inspect, restart, start };
  enum class How {
    stall,         // takes the request and is silent until the client gives up, or for 11 s
    server_error,  // 500
    close,         // closes without an answer
    cut_short,     // closes in the middle of the answer
    nonsense,      // says 200 with what is no JSON
  };
  // What an action does to the container beside what it answers.
  enum class Effect { none, restarts, leaves_stopped };
  struct Fault {
    How how = How::server_error;
    Effect effect = Effect::none;  // of an action
    int times = 1;                 // for that many calls
  };
  static constexpr int kUntilMended = 1'000'000;

  // As host "box".
  FaultyEngine();

  std::string socket_path() const { return folder_.path("docker.sock"); }

  // A running container that opted in, started an hour ago. Its id is "id-of-NAME".
  void add(const std::string& name, std::map<std::string, std::string> labels = {});
  void fault(const std::string& name, Call call, Fault fault);
  // From the moment on at which an action on the container is asked for.
  void fault_after_action(const std::string& name, Call call, Fault fault);
  void mend(const std::string& name);
  // What an action that was not answered comes to in the end.
  void finish_restart(const std::string& name);
  void leave_stopped(const std::string& name);

  // Every connection ends, and nothing listens until it comes back.
  void go_away();
  void come_back();

  int asked(const std::string& name, Call call) const;
  int starts(const std::string& name) const;  // that there really were
  // The most calls on the container, of any kind, that there were within one second.
  int busiest_second(const std::string& name) const;

 private:
  struct Container {
    std::map<std::string, std::string> labels;
    bool running = true;
    WallTime started_at;
    WallTime finished_at;
    int starts = 0;
    std::map<Call, Fault> faults;
    std::map<Call, Fault> faults_after_action;
    std::map<Call, int> asked;
    std::vector<SteadyTime> times;
  };
  struct Reply {
    std::string bytes;
    How how = How::nonsense;
    bool faults = false;
  };

  void listen();
  void serve(StubConnection& connection);
  // Sends it as it is to be; false when the connection is over.
  static bool send(StubConnection& connection, const Reply& reply);
  Reply reply_to(const HttpText& request);
  Reply reply_to_call(const std::string& name, Container& container, Call call);
  static void bring_about(Container& container, Effect effect);
  static std::string details(const std::string& name, const Container& container);

  TempFolder folder_;
  mutable std::mutex mutex_;
  std::map<std::string, Container> containers_;  // by name
  std::unique_ptr<StubServer> server_;
};

}  // namespace selfheal
