#include "exporter/discovery/inventory_reader.h"

#include <algorithm>
#include <mutex>
#include <optional>
#include <utility>

#include "common/base/log.h"
#include "common/docker/container_id.h"
#include "common/docker/left_aside.h"
#include "common/docker/opt_in.h"
#include "exporter/discovery/label_names.h"

namespace selfheal {
namespace {

// More, and it is Docker that hangs.
constexpr int kTimeoutsOfContainers = 2;
// After an engine that did not tell of the past in time.
constexpr Milliseconds kEvidencePause{30'000};

// An answer that says no to this one, unlike a daemon that does not answer.
bool concerns_one_container(DockerFailureKind kind) {
  return kind == DockerFailureKind::failed || kind == DockerFailureKind::malformed ||
         kind == DockerFailureKind::refused || kind == DockerFailureKind::conflict ||
         kind == DockerFailureKind::unavailable;
}

}  // namespace

DockerResult<std::string> InventoryReader::read_all() {
  const auto info = docker_.info();
  if (!info) return info.error();
  const auto listed = docker_.list();
  if (!listed) return listed.error();
  inventory_.set_host(info->host_name);
  inventory_.set_engine_address(info->address);
  note_assumed_host();
  note_unwatched(*listed);
  if (const auto done = inspect_all(*listed); !done) return done.error();
  if (const auto done = read_evidence(); !done) return done.error();
  return info->host_name;
}

DockerResult<Done> InventoryReader::inspect_all(const std::vector<ContainerSummary>& listed) {
  std::set<std::string> watched;
  for (const ContainerSummary& container : listed) {
    if (opted_in(container.labels) && !is_left_aside(container.name)) watched.insert(container.id);
  }
  inventory_.keep_only(watched, clock_.steady_now());
  const auto gone = [&](const std::string& id) { return !watched.contains(id); };
  std::erase_if(told_, gone);
  std::erase_if(hanging_, gone);
  timeouts_in_a_row_ = 0;
  silent_.clear();
  const std::set<std::string> last = hanging_;
  for (const std::string& id : watched) {
    if (last.contains(id)) continue;
    if (const auto done = inspect(id); !done) return done.error();
  }
  for (const std::string& id : last) {
    const auto found = inspect(id);
    if (!found) return found.error();
    if (*found == Found::no_answer) break;  // the others will hang as well; next time, perhaps
  }
  return Done{};
}

DockerResult<Done> InventoryReader::read(const std::string& id) {
  if (hanging_.contains(id)) return Done{};  // the list looks again
  if (const auto found = inspect(id); !found) return found.error();
  return Done{};
}

// Once. Whoever has a proxy between would look for the fault at the containers: all probes of
// published ports are refused, by the proxy.
void InventoryReader::note_assumed_host() {
  const std::string assumed = inventory_.assumed_docker_host();
  if (std::exchange(assumed_host_, assumed) == assumed || assumed.empty()) return;
  log::warn(
      "published ports are looked for where Docker answers; if a proxy answers for it, set "
      "docker.host_address to where they are",
      {{"address", assumed}});
}

// Once each: whoever wrote the labels would wait for a probe that never comes.
void InventoryReader::note_unwatched(const std::vector<ContainerSummary>& listed) {
  std::set<std::string> unwatched;
  for (const ContainerSummary& container : listed) {
    const std::string fault = fault_of_opt_in(container.labels);
    if (fault.empty()) continue;
    if (!unwatched_.contains(container.id))
      log::warn("a container is not watched, though its labels look as if it should be",
                {{"container", container.name}, {"err", fault}});
    unwatched.insert(container.id);
  }
  unwatched_ = std::move(unwatched);
}

DockerResult<InventoryReader::Found> InventoryReader::inspect(const std::string& id) {
  auto details = ask(id);
  if (!details) return failed(id, details.error());
  std::optional<ContainerDetails> network_owner;
  if (const auto owner = shared_network_owner(*details)) {
    auto found = ask(*owner);
    if (found) {
      network_owner = std::move(*found);
    } else if (found.error().kind != DockerFailureKind::not_found) {
      // It may have addresses as before: without them it would seem to be unreachable.
      return failed(id, {found.error().kind,
                         "the container whose network it shares: " + found.error().message});
    }
  }
  timeouts_in_a_row_ = 0;
  told_.erase(id);
  hanging_.erase(id);
  inventory_.observe(std::move(*details), std::move(network_owner), clock_.steady_now());
  return Found::yes;
}

// Many may share one's network: it is waited for once.
DockerResult<ContainerDetails> InventoryReader::ask(const std::string& id) {
  if (const auto silent = silent_.find(id); silent != silent_.end()) return silent->second;
  auto details = docker_.inspect(id);
  if (!details && details.error().kind == DockerFailureKind::timeout) {
    ++timeouts_in_a_row_;
    silent_.emplace(id, details.error());
  }
  return details;
}

DockerResult<InventoryReader::Found> InventoryReader::failed(const std::string& id,
                                                             const DockerFailure& failure) {
  const bool hangs =
      failure.kind == DockerFailureKind::timeout && timeouts_in_a_row_ < kTimeoutsOfContainers;
  if (failure.kind == DockerFailureKind::not_found || concerns_one_container(failure.kind) || hangs)
    return note_failure(id, failure);
  timeouts_in_a_row_ = 0;
  return failure;
}

InventoryReader::Found InventoryReader::note_failure(const std::string& id,
                                                     const DockerFailure& failure) {
  if (failure.kind == DockerFailureKind::not_found) {
    inventory_.remove(id, clock_.steady_now());  // gone since it was listed
    return Found::no;
  }
  if (told_.insert(id).second)
    log::warn("a container can't be inspected",
              {{"container", short_id(id)}, {"err", failure.message}});
  if (failure.kind != DockerFailureKind::timeout) return Found::no;
  hanging_.insert(id);
  return Found::no_answer;
}

DockerResult<Done> InventoryReader::read_evidence() {
  const std::vector<ContainerHistory*> wanting = inventory_.wanting_evidence();
  if (wanting.empty() || clock_.steady_now() < no_evidence_before_) return Done{};
  int64_t since = wanting.front()->evidence_since_ns();
  int64_t until = 0;
  for (const ContainerHistory* history : wanting) {
    since = std::min(since, history->evidence_since_ns());
    until = std::max(until, history->evidence_until_ns());
  }
  std::mutex past_mutex;
  std::vector<DockerEvent> past;
  const auto done = docker_.events(std::max<int64_t>(1, since), until, [&](DockerEvent event) {
    const std::lock_guard lock(past_mutex);
    past.push_back(std::move(event));
  });
  // The exit codes decide for now. Not at every look: each would wait as long.
  if (!done && done.error().kind == DockerFailureKind::timeout) {
    no_evidence_before_ = clock_.steady_now() + kEvidencePause;
    return Done{};
  }
  // Where events are refused the exit codes decide.
  if (!done && done.error().kind != DockerFailureKind::refused &&
      done.error().kind != DockerFailureKind::not_found)
    return done.error();
  for (const DockerEvent& event : past) inventory_.on_past_event(event);
  for (ContainerHistory* history : wanting) history->evidence_done();
  return Done{};
}

}  // namespace selfheal
