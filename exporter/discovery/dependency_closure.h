// Which groups a group depends on, all the way down: PromQL can't follow dependencies itself.
//
// [pure] A cycle is cut at the edge that closes it, in the order of names: held by each other, the
// groups of a cycle would never be healed.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

namespace selfheal {

using GroupGraph = std::map<std::string, std::set<std::string>>;  // group to what it depends on

struct Closure {
  GroupGraph dependencies;          // of each group that is a key of the graph
  std::vector<std::string> cycles;  // for a person: "a -> b -> a"
};

// Dependencies that are no keys of `direct` are not watched and left out.
Closure close_dependencies(const GroupGraph& direct);

struct DependencyNames {
  std::string container;
  std::string group;
  std::string compose_project;
  std::string compose_service;
  std::vector<std::string> depends_on;  // groups, containers or project/service; within a project,
                                        // services too
};

// Translates names into groups; what is not watched is left out.
GroupGraph group_graph(const std::vector<DependencyNames>& containers);

}  // namespace selfheal
