// Puts a new container of the same configuration in a container's place, keeps the old one aside
// until the new one has proved itself, and puts it back if it does not.
//
//   replace()   create the new one as NAME-selfheal-new-ID, connect it to its networks,
//               rename it to NAME-selfheal-next-ID,
//               stop the old one, take its restart policy away, rename it to NAME-selfheal-ID,
//               rename the new one to NAME, start it
//   withdraw()  remove the new one, under either of its first two names, and touch nothing else:
//               for an old one that was not touched yet, or that is gone
//   remove_late()  remove a new one that was created after all when nobody waited for it any more
//   finish()    remove the old one, without its volumes
//   put_back()  stop the new one, give the old one its restart policy back, remove the new one,
//               rename the old one to NAME, start it
//
// Each step is taken after a look at what Docker shows, and only if it is missing. So each of these
// can be called again after a failure or a crash, wherever that was, and goes on from there;
// nothing is remembered but the old one's id, the name, and which way to go, which the caller has
// in its journal before it calls. What a crash leaves, and nobody goes on:
//   before the old one is stopped      it runs on; a container was created and never started. That
//                                      no stop was asked for is told by the name of that one
//   from there until the new one's start   neither runs
//   from there until finish() or put_back()   the new one runs, the old one is stopped
// A restart of dockerd does not change that: it starts no container that never ran, and the old one
// has no restart policy any more. Two exceptions, each a call long: between the stop and the taking
// of the policy dockerd starts the old one again; while put_back() holds the policy of both,
// dockerd may start both, under their two names. Going on stops the one that is not to run.
//
// The old one and the new one never run at the same time otherwise. The restart policy is with the
// new one when it is not with the old one, so it is lost only if somebody removes the new one.
//
// Blocks; one thread at a time.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "common/docker/docker_api.h"
#include "remediator/act/recreate/replacement_view.h"

namespace selfheal {

struct ReplaceFailure {
  DockerFailure cause;
  // The old one has its name and is as it was, or runs again: nothing is left to be done. Otherwise
  // replace() goes on, and put_back() goes back.
  bool old_in_place = false;
};

enum class ReplacementStanding {
  untouched,  // the old one has its name and nothing was begun, or all was put back
  prepared,   // the new one was created, and the old one has not been touched
  halfway,
  replaced,  // the new one has the name and was started; the old one is kept
  gone,      // there is no old one: never, no more, or after finish()
};

class Replacement {
 public:
  Replacement(DockerApi& docker, std::string old_id, const std::string& name,
              std::chrono::seconds stop_timeout);

  // The new one's id, when it has been started. What Docker definitely refuses (the image is gone,
  // the port is taken, …) is put back at once; what is not known to have failed (a timeout, a
  // broken connection, no Docker) is left as it is.
  Result<std::string, ReplaceFailure> replace();
  // Back from `prepared` or `gone`; done as well when there is no new one.
  DockerResult<Done> withdraw();
  // When no replacement is under way: the id of a new one that was created after all and never ran;
  // nothing when there is none. And its removal, done as well when there is none.
  DockerResult<std::optional<std::string>> late();
  DockerResult<Done> remove_late();
  // Done as well when the old one is gone.
  DockerResult<Done> finish();
  // Done as well when nothing was begun; the old one runs then.
  DockerResult<Done> put_back();
  // Not, for good, once the old one is gone or somebody else has made a container of its name.
  DockerResult<bool> can_be_put_back();

  DockerResult<ReplacementStanding> standing();

 private:
  using Next = ReplacementStep (*)(const ReplacementView&);

  DockerResult<ReplacementView> look();
  DockerResult<std::optional<SeenContainer>> seen(const std::string& container);
  // Step by step until there is none; what it looks like then.
  DockerResult<ReplacementView> go(Next next);
  DockerResult<Done> take(ReplacementStep step, const ReplacementView& view);
  DockerResult<Done> create(const SeenContainer& old_one);
  DockerResult<Done> connect(const ReplacementView& view);
  DockerFailure explained(ReplacementStep step, const DockerFailure& cause) const;

  DockerApi& docker_;
  const std::string old_id_;
  const ReplacementNames names_;
  const std::chrono::seconds stop_timeout_;
};

}  // namespace selfheal
