#include "common/http/routes.h"

#include <string_view>
#include <utility>

namespace selfheal {

void Routes::add(std::string method, std::string path, Route route) {
  paths_[std::move(path)][std::move(method)] = std::move(route);
}

// The exact path first, else the longest "…/*" it stands below.
const Routes::Methods* Routes::methods_of(const std::string& path) const {
  if (const auto exact = paths_.find(path); exact != paths_.end()) return &exact->second;
  const Methods* best = nullptr;
  size_t longest = 0;
  for (const auto& [pattern, methods] : paths_) {
    if (pattern.back() != '*' || pattern.size() < longest) continue;
    const std::string_view stem(pattern.data(), pattern.size() - 1);
    if (std::string_view(path).substr(0, stem.size()) != stem) continue;
    best = &methods;
    longest = pattern.size();
  }
  return best;
}

const Route* Routes::find(const std::string& method, const std::string& path) const {
  const Methods* methods = methods_of(path);
  if (methods == nullptr) return nullptr;
  const auto route = methods->find(method == "HEAD" ? "GET" : method);
  return route == methods->end() ? nullptr : &route->second;
}

std::vector<std::pair<std::string, std::string>> Routes::all() const {
  std::vector<std::pair<std::string, std::string>> all;
  for (const auto& [path, methods] : paths_)
    for (const auto& [method, unused] : methods) all.emplace_back(method, path);
  return all;
}

ServerResponse Routes::refuse(const std::string& method, const std::string& path) const {
  const Methods* methods = methods_of(path);
  if (methods == nullptr) return refusal(404, "no such page");
  ServerResponse response = refusal(405, "this page does not take " + method);
  std::string allowed;
  for (const auto& [name, unused] : *methods) allowed += (allowed.empty() ? "" : ", ") + name;
  response.headers.emplace_back("Allow", allowed);
  return response;
}

}  // namespace selfheal
