// The remedies, one file each.
#pragma once

#include "remediator/act/remedy.h"

namespace selfheal::remedies {

// restart, kill and start: over when the container has a newer start than before.
const Remedy& restart();
const Remedy& kill();
const Remedy& start();
// Over when the service's update has begun; how it goes on is for the proof to say.
const Remedy& service_update();
const Remedy& stop();
// A new container of the same configuration in the place of the old one.
const Remedy& recreate();
// exec: a command in the container, which leaves it running.
const Remedy& run_command();

}  // namespace selfheal::remedies
