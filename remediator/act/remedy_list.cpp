#include <array>
#include <utility>

#include "remediator/act/remedies/remedies.h"

namespace selfheal {

std::string Remedy::patient(const Incident& incident) const {
  return incident.attempts.back().container_id;
}
bool Remedy::is_undone(const Incident&, const ContainerDetails&) const {
  return false;
}
DockerResult<Done> Remedy::settle(DockerApi&, const Incident&) const {
  return Done{};
}
DockerResult<Done> Remedy::undo(DockerApi&, const Incident&) const {
  return Done{};
}

const Remedy& remedy_of(std::string_view action) {
  using Entry = std::pair<std::string_view, const Remedy& (*)()>;
  static constexpr std::array<Entry, 7> kRemedies{{{"restart", remedies::restart},
                                                   {"kill", remedies::kill},
                                                   {"start", remedies::start},
                                                   {"recreate", remedies::recreate},
                                                   {"stop", remedies::stop},
                                                   {"exec", remedies::run_command},
                                                   {"service-update", remedies::service_update}}};
  for (const auto& [name, remedy] : kRemedies)
    if (name == action) return remedy();
  return remedies::restart();
}

}  // namespace selfheal
