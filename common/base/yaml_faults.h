// The faults of one configuration file, for a person: all at once, each with its line and its key.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace selfheal {

// Where a value stands and what is wrong with it, collected over one file.
class YamlFaults {
 public:
  explicit YamlFaults(std::string file) : file_(std::move(file)) {}
  // `line` of what is at fault, 0 when it has none; `path` as guards.cooldown.
  void add(int line, const std::string& path, const std::string& what);
  bool empty() const { return count_ == 0; }
  // file:line: key: what was expected; one line a fault, the first fifty found, in the file's
  // order.
  std::string text() const;

 private:
  std::string file_;
  std::vector<std::pair<int, std::string>> faults_;  // by line
  size_t count_ = 0;
};

}  // namespace selfheal
