#include "remediator/incident/pause.h"

#include <array>

#include "remediator/incident/incident.h"

namespace selfheal {
namespace {

constexpr std::array kScopes{PauseScope::all, PauseScope::host, PauseScope::group,
                             PauseScope::container};

bool is_named(PauseScope scope) {
  return scope == PauseScope::group || scope == PauseScope::container;
}

}  // namespace

std::string_view to_string(PauseScope scope) {
  switch (scope) {
    case PauseScope::all:
      return "all";
    case PauseScope::host:
      return "host";
    case PauseScope::group:
      return "group";
    case PauseScope::container:
      return "container";
  }
  return "";
}

std::optional<PauseScope> parse_pause_scope(std::string_view text) {
  for (const PauseScope scope : kScopes)
    if (to_string(scope) == text) return scope;
  return std::nullopt;
}

Result<PauseTarget> pause_target(std::string_view scope_text, const std::string& host,
                                 const std::string& name) {
  const auto scope = parse_pause_scope(scope_text);
  if (!scope) return Error{"scope: expected all, host, group or container"};
  const std::string what(to_string(*scope));
  if ((*scope != PauseScope::all) == host.empty())
    return Error{"host: " + (host.empty() ? "expected the Docker host's name, for scope " + what
                                          : std::string("not for scope all"))};
  if (is_named(*scope) == name.empty())
    return Error{"name: " +
                 (name.empty() ? "expected the " + what + "'s name" : "not for scope " + what)};
  return PauseTarget{*scope, host, name};
}

bool covers(const PauseTarget& target, const std::string& host, const std::string& group,
            const std::string& container) {
  switch (target.scope) {
    case PauseScope::all:
      return true;
    case PauseScope::host:
      return target.host == host;
    case PauseScope::group:
      return target.host == host && target.name == group;
    case PauseScope::container:
      return target.host == host && target.name == container;
  }
  return false;
}

bool covers(const PauseTarget& target, const Incident& incident) {
  return covers(target, incident.host, incident.group, incident.container) ||
         covers(target, incident.host, incident.group, incident.subject());
}

std::string to_text(const PauseTarget& target) {
  std::string text(to_string(target.scope));
  if (!target.host.empty()) text += " " + target.host;
  if (!target.name.empty()) text += "/" + target.name;
  return text;
}

}  // namespace selfheal
