// What the page at `/` shows: what is broken now, what holds healing, and the last day. [pure]
//
// It is the part that the script asks for again and puts in the place of what stood there; the rest
// is page_shell.h. Everything that alerts, Docker or people have said is escaped.
#pragma once

#include <string>
#include <vector>

#include "remediator/incident/breaker.h"
#include "remediator/incident/pause.h"
#include "remediator/view/timeline.h"

namespace selfheal {

inline constexpr std::chrono::hours kOverviewDay{24};

struct Overview {
  WallTime now;
  bool dry_run = false;
  int max_attempts = 0;
  std::vector<std::string> not_ready;  // why; empty: ready
  bool heard = true;                   // whether the Watchdog has ever come
  std::vector<std::string> remarks;    // what is amiss beside that
  std::vector<Incident> open;          // by what is due first
  std::vector<AttemptCount> open_breakers;
  std::vector<Pause> pauses;
  std::vector<Track> tracks;  // of the last day, newest first
  bool cut = false;           // there were more
};

std::string render(const Overview& overview);

}  // namespace selfheal
