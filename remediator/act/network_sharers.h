// Containers that live in the network of another one (network_mode: container:NAME) lose it when
// that one restarts: they go on in a network that nobody is in any more, and have to be restarted
// after it.
//
// Each is written down, in the incident's decisions, right before it is touched, and from then on
// treated as an attempt is: whatever process looks again starts what was left stopped halfway, and
// asks a second time only where nothing came of the first. What was not written down is judged
// anew. All that is judged is whether it may be touched, by what people and labels say.
//
// One that was left stopped is our own debt: it looks like stopped by hand, and nobody else would
// start it. The proof of the owner's health waits for it as long as for an engine that is away;
// past that the attempt ends as one that left something broken, which people are told. When the
// incident has ended it is started as soon as there is a network for it (aftermath.h), unless
// people or labels say no by then.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "remediator/act/attempt_steps.h"
#include "remediator/act/facts_reader.h"
#include "remediator/act/network_sharer_row.h"
#include "remediator/act/remedy.h"

namespace selfheal {

// Safe from any thread; blocks as Docker's restarts do.
class NetworkSharers {
 public:
  NetworkSharers(Journal& journal, const AttemptSteps& steps, const FactsReader& facts_reader,
                 const CurrentSettings& settings, const Clock& clock);

  struct Followed {
    std::optional<Milliseconds> look_again;  // some of it is still under way
    std::vector<std::string> told;           // what became of each, for a person
  };
  // Restarts those that share the network of the incident's container, which its last attempt has
  // restarted; `owner` is that one as just inspected. `engine_back_at`: when Docker answered again
  // after it had been away, before which nothing could be tried.
  Followed follow(DockerApi& docker, const Incident& incident, const ContainerDetails& owner,
                  std::optional<WallTime> engine_back_at) const;

  // Starts those that were left stopped, by whichever of the incident's attempts; while the
  // incident is open it needs no leave. Those that are still down, each as a person is told of it.
  std::vector<std::string> start_left_stopped(DockerApi& docker, const Incident& incident) const;
  // All that any of its attempts has restarted, by the journal alone, each as a person is told of
  // it.
  std::vector<std::string> may_be_stopped(const Incident& incident) const;

  // Whether the container that `facts` has inspected is just being restarted after another one, by
  // this remediator: an attempt of its own would do that again.
  static bool is_following(JournalReader& reader, const Facts& facts,
                           const GuardSettings& settings);

 private:
  // Still under way, or what became of it; an empty text: there was nothing to be done.
  using Fate = std::variant<NotYet, std::string>;
  Fate follow_one(DockerApi& docker, const Incident& incident, const ContainerDetails& owner,
                  const std::string& id, const std::vector<SharerRestart>& asked) const;
  // Asks Docker, unless somebody or something objects.
  Fate ask(DockerApi& docker, const Incident& incident, const ContainerDetails& sharer) const;
  // Of one that Docker was asked for.
  static Fate told_of(const SharerRestart& asked, const Effect& effect);
  // What a person is told of one that is down still; nothing when it is not, or not by us.
  std::optional<std::string> start_one(DockerApi& docker, const Incident& incident,
                                       const SharerRestart& asked) const;
  void came_of(const Incident& incident, const SharerRestart& asked, const std::string& what) const;
  // By what people and labels say, when the incident has ended.
  bool may_start(const Incident& incident, const ContainerDetails& sharer) const;
  // What is to be known of it, by the journal as it is now.
  Facts look(JournalReader& reader, const Incident& incident, const ContainerDetails& sharer) const;

  Journal& journal_;
  const AttemptSteps& steps_;
  const FactsReader& facts_reader_;
  const CurrentSettings& settings_;
  const Clock& clock_;
};

}  // namespace selfheal
