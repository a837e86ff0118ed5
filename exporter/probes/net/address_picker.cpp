#include "exporter/probes/net/address_picker.h"

#include <cerrno>
#include <utility>

namespace selfheal {
namespace {

constexpr Milliseconds kPatience{1'000};

}  // namespace

AddressPicker::Id AddressPicker::pick(const std::vector<Endpoint>& candidates, Callback callback) {
  const Id id = next_id_++;
  Pick& pick = picks_[id];
  pick.reach.assign(candidates.size(), Reach::unknown);
  pick.callback = std::move(callback);
  for (size_t i = 0; i < candidates.size(); ++i) {
    pick.attempts.push_back(
        connector_.start({candidates[i], ""}, kPatience,
                         [this, id, i](int os_error, const UniqueFd&) { note(id, i, os_error); }));
  }
  return id;
}

void AddressPicker::cancel(Id id) {
  auto pick = picks_.extract(id);
  if (!pick) return;
  for (const TcpConnector::Id attempt : pick.mapped().attempts) connector_.cancel(attempt);
}

void AddressPicker::note(Id id, size_t candidate, int os_error) {
  const auto found = picks_.find(id);
  if (found == picks_.end()) return;
  found->second.reach[candidate] = reach_of(os_error);
  std::optional<Picked> choice;
  if (!decided(found->second, choice)) return;
  const Callback callback = std::move(found->second.callback);
  cancel(id);
  callback(choice);
}

AddressPicker::Reach AddressPicker::reach_of(int os_error) {
  if (os_error == 0) return Reach::connected;
  // What we lack ourselves to try it says nothing against it; the probe will find the same.
  const bool reachable = os_error == ECONNREFUSED || is_our_own_lack(os_error);
  return reachable ? Reach::refused : Reach::unreachable;
}

bool AddressPicker::decided(const Pick& pick, std::optional<Picked>& choice) {
  for (size_t i = 0; i < pick.reach.size(); ++i) {
    if (pick.reach[i] == Reach::unknown) return false;
    if (pick.reach[i] == Reach::unreachable) continue;
    choice = Picked{i, pick.reach[i] == Reach::connected};
    return true;
  }
  return true;
}

}  // namespace selfheal
