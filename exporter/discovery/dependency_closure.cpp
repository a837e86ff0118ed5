#include "exporter/discovery/dependency_closure.h"

#include <algorithm>

namespace selfheal {
namespace {

class Closing {
 public:
  explicit Closing(const GroupGraph& direct) : direct_(direct) {}

  Closure run() {
    for (const auto& [group, unused] : direct_) visit(group);
    return std::move(closure_);
  }

 private:
  void visit(const std::string& group) {
    if (closure_.dependencies.contains(group)) return;
    path_.push_back(group);
    std::set<std::string> all;
    for (const std::string& dependency : direct_.at(group)) {
      if (!direct_.contains(dependency)) continue;
      if (closes_cycle(dependency)) continue;
      visit(dependency);
      all.insert(dependency);
      const auto& further = closure_.dependencies.at(dependency);
      all.insert(further.begin(), further.end());
    }
    path_.pop_back();
    closure_.dependencies.emplace(group, std::move(all));
  }

  bool closes_cycle(const std::string& dependency) {
    const auto at = std::find(path_.begin(), path_.end(), dependency);
    if (at == path_.end()) return false;
    std::string text;
    for (auto step = at; step != path_.end(); ++step) text += *step + " -> ";
    closure_.cycles.push_back(text + dependency);
    return true;
  }

  const GroupGraph& direct_;
  std::vector<std::string> path_;
  Closure closure_;
};

}  // namespace

Closure close_dependencies(const GroupGraph& direct) {
  return Closing(direct).run();
}

GroupGraph group_graph(const std::vector<DependencyNames>& containers) {
  GroupGraph graph;
  std::map<std::string, std::set<std::string>>
      groups_named;  // by group, container, project/service
  for (const DependencyNames& container : containers) {
    graph[container.group];
    groups_named[container.group] = {container.group};
  }
  // A name that is a group's means that group.
  const auto add_name = [&](const std::string& name, const std::string& group) {
    if (!graph.contains(name)) groups_named[name].insert(group);
  };
  for (const DependencyNames& container : containers) {
    add_name(container.container, container.group);
    // A service's containers may carry groups of their own.
    add_name(container.compose_project + "/" + container.compose_service, container.group);
  }
  for (const DependencyNames& container : containers) {
    for (const std::string& name : container.depends_on) {
      auto named = groups_named.find(name);
      if (named == groups_named.end())
        named = groups_named.find(container.compose_project + "/" + name);
      if (named != groups_named.end())
        graph[container.group].insert(named->second.begin(), named->second.end());
    }
    // Its own group's members stand in for each other; none waits for the others.
    graph[container.group].erase(container.group);
  }
  return graph;
}

}  // namespace selfheal
