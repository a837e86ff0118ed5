// What Docker shows of a container that is being replaced, and the next step from there. [pure]
//
// The names tell how far it has come (left_aside.h).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"

namespace selfheal {

struct ReplacementNames {
  ReplacementNames(std::string name, const std::string& old_id);
  std::string own;
  std::string parked;  // of the old one
  std::string ready;   // of the new one, while nothing has been done to the old one
  std::string next;    // of the new one from then on, until the own name is free
};

struct SeenContainer {
  std::string id;
  std::string name;
  std::string image_name;
  std::string image_id;
  std::string labels;                 // JSON
  std::string restart_policy;         // JSON, "no" where there is none
  bool up = false;                    // runs, or Docker is at it
  bool was_started = false;           // ever
  std::vector<std::string> networks;  // not those of Docker's that are none: host, none
};
Result<SeenContainer> parse_seen_container(std::string_view inspected);
inline constexpr const char* kNoRestart = R"({"MaximumRetryCount":0,"Name":"no"})";

struct ReplacementView {
  ReplacementNames names;
  std::optional<SeenContainer> old_one;    // by its id, whatever its name is
  std::optional<SeenContainer> ready;      // the new one under one of its first two names
  std::optional<SeenContainer> successor;  // what else has the name, the new one or a stranger
  std::vector<std::string> missing_networks = {};  // that the ready one is not connected to yet
};

enum class ReplacementStep {
  // towards the new one
  create,
  connect,  // to the first of missing_networks
  commit,   // renames the new one: from here on the old one may have been touched
  stop_old,
  park,  // so that no restart policy brings the old one back
  rename_old,
  rename_new,
  start_new,
  // back to the old one
  stop_new,
  unpark,
  remove_new,
  take_name_back,
  start_old,
  // away with the old one
  remove_old,
  // no step
  done,
  old_is_gone,
  name_is_taken,  // by a stranger
  was_renamed,    // by a stranger
  not_replaced,   // there is no new one in its place
};
std::string_view to_string(ReplacementStep step);

ReplacementStep next_to_replace(const ReplacementView& view);
ReplacementStep next_to_put_back(const ReplacementView& view);
// Only away with the new one, as long as it does not have the own name. Nothing is done to the old
// one: it was not touched, and what a person has changed of it since stands.
ReplacementStep next_to_withdraw(const ReplacementView& view);
ReplacementStep next_to_finish(const ReplacementView& view);

// The new one stands there, and the old one has not been touched.
bool is_uncommitted(const ReplacementView& view);

}  // namespace selfheal
