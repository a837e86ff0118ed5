// Who belongs to which group of a Docker host: what depends on a group finds its members here.
// [pure] Members are pointed to and owned elsewhere.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace selfheal {

template <class Member>
class GroupIndex {
 public:
  void add(const std::string& host, const std::string& group, Member& member) {
    groups_[{host, group}].push_back(&member);
  }

  void remove(const std::string& host, const std::string& group, Member& member) {
    const auto found = groups_.find({host, group});
    if (found == groups_.end()) return;
    std::erase(found->second, &member);
    if (found->second.empty()) groups_.erase(found);
  }

  std::vector<Member*> members(const std::string& host, const std::string& group) const {
    const auto found = groups_.find({host, group});
    return found == groups_.end() ? std::vector<Member*>() : found->second;
  }

 private:
  std::map<std::pair<std::string, std::string>, std::vector<Member*>> groups_;
};

}  // namespace selfheal
