// How an action is done to a container, and how one sees that it was: one Remedy for each action,
// each in its file in remedies/.
//
// A Remedy holds nothing. What it needs to know is in the journal, in the incident's last attempt;
// all else it looks at in Docker. So whatever process picks an attempt up goes on where the last
// one died.
//
// A new action: its name in common/docker/healing_step.h, its Remedy in remedies/, its line in
// remedy_list.cpp.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "common/base/clock.h"
#include "common/docker/docker_api.h"
#include "remediator/act/engine_patience.h"
#include "remediator/incident/incident.h"

namespace selfheal {

// What is to be seen of an action that was asked for: it may still come; it came, and with it the
// start of the container that the proof is to be about; it came, and leaves nothing to prove; or it
// will not come.
struct NotYet {
  Milliseconds look_again{200};
  // Why it does not come, where that is borne for a while only (engine_patience.h), and what the
  // attempt ends as then. Empty: for as long as it takes.
  std::string because = {};
  AttemptResult ends_as = AttemptResult::unknown;
};
struct InEffect {
  WallTime started;
};
struct Over {};
struct NoEffect {
  AttemptResult result;
  std::string detail;  // for a person
};
using Effect = std::variant<NotYet, InEffect, Over, NoEffect>;

class Remedy {
 public:
  virtual ~Remedy() = default;

  // Right after the attempt has been written down, and never again for it.
  virtual Effect perform(DockerApi& docker, const Incident& incident, const Clock& clock) const = 0;
  // After perform() did not know, and when this process finds the attempt of an earlier one. It
  // finishes what was begun, and begins nothing.
  virtual Effect look(DockerApi& docker, const Incident& incident, const Clock& clock) const = 0;

  // The container that has to prove itself, as inspect() takes it.
  virtual std::string patient(const Incident& incident) const;
  // Whether undo() was done by a process that died before it could write that down.
  virtual bool is_undone(const Incident& incident, const ContainerDetails& live) const;
  // The proof was given, or it was not. Before that is written down; repeated until Docker did it.
  virtual DockerResult<Done> settle(DockerApi& docker, const Incident& incident) const;
  virtual DockerResult<Done> undo(DockerApi& docker, const Incident& incident) const;
};

// By the name that attempts are written down with; restart's for one of a newer program.
const Remedy& remedy_of(std::string_view action);

}  // namespace selfheal
