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
  std::map<std::string, std::string> group_of_container;
  GroupGraph graph;
  for (const DependencyNames& container : containers) {
    group_of_container[container.container] = container.group;
    graph[container.group];
  }
  for (const DependencyNames& container : containers) {
    for (const std::string& name : container.depends_on) {
      const std::string in_project = container.compose_project + "/" + name;
      if (graph.contains(name)) {
        graph[container.group].insert(name);
      } else if (group_of_container.contains(name)) {
        graph[container.group].insert(group_of_container.at(name));
      } else if (graph.contains(in_project)) {
        graph[container.group].insert(in_project);
      }
    }
    // Its own group's members stand in for each other; none waits for the others.
    graph[container.group].erase(container.group);
  }
  return graph;
}

}  // namespace selfheal
