// The Docker Engines that this remediator heals on, and which of them an alert's host is.
//
// With docker.hosts the name chooses the engine, and the engine must call itself the same: two
// hosts whose containers share names are common, and acting on the namesake would be a restart of
// something healthy. So the same engine given twice is refused too, for it has one name. Without
// docker.hosts there is one engine, which is whatever it calls itself; the guard known_host then
// compares.
//
// What an engine is like is what its watch saw last: nobody waits for one that is away. Safe from
// any thread; only start() and stop() block.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "remediator/act/engine_watch.h"

namespace selfheal {

struct NamedEngine {
  std::string name;  // empty: the only one, by whatever name
  std::string url;   // for people
  std::shared_ptr<DockerApi> docker;
};

// An alert's host, as far as it is known without asking.
struct DockerHost {
  DockerApi* docker = nullptr;  // null where there is none of that name; not used with a `fault`
  std::string engine_host;      // what the engine calls itself; empty until it has answered
  std::optional<WallTime> back_at;
  std::string fault;  // nothing may be done there, until a person mends the configuration
  std::string away;   // it does not answer, and need not be asked
  bool usable() const { return docker != nullptr && fault.empty() && away.empty(); }
};

// What there is to say of one engine.
struct HostStatus {
  std::string name;     // of docker.hosts, or what the only one calls itself
  std::string trouble;  // why nothing can be done there now, for a person; empty: nothing is wrong
};

class DockerHosts {
 public:
  DockerHosts(std::vector<NamedEngine> engines, const Clock& clock, Milliseconds interval);
  ~DockerHosts();

  // Begins to watch all of them, and waits until each was asked once, `longest` at most.
  void start(Milliseconds longest);
  // Ends what is asked of them, and the watching. Idempotent.
  void stop();

  DockerHost find(const std::string& host) const;
  // Those on which nothing can be done now.
  std::vector<std::string> away() const;
  std::vector<HostStatus> statuses() const;
  // Of docker.hosts; empty where there is only one engine, by whatever name.
  const std::vector<std::string>& names() const { return names_; }

 private:
  struct Watched {
    NamedEngine engine;
    std::unique_ptr<EngineWatch> watch;
  };
  DockerHost look(const Watched& watched) const;
  std::string fault_of(const NamedEngine& engine, const std::string& calls_itself) const;

  const Clock& clock_;
  std::vector<std::string> names_;
  std::vector<Watched> watched_;
};

}  // namespace selfheal
