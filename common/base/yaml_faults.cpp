#include "common/base/yaml_faults.h"

#include <algorithm>

namespace selfheal {
namespace {

constexpr size_t kMostFaults = 50;
constexpr size_t kLongestText = 1000;

// What a file has in it may be of any length; its error is for a person.
std::string shortened(const std::string& text) {
  return text.size() <= kLongestText ? text : text.substr(0, kLongestText) + "…";
}

}  // namespace

void YamlFaults::add(int line, const std::string& path, const std::string& what) {
  if (++count_ > kMostFaults) return;
  std::string text = file_;
  if (line > 0) text += ":" + std::to_string(line);
  text += ": ";
  if (!path.empty()) text += shortened(path) + ": ";
  faults_.emplace_back(line, text + shortened(what));
}

std::string YamlFaults::text() const {
  auto in_order = faults_;
  std::stable_sort(in_order.begin(), in_order.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::string all;
  for (const auto& [line, fault] : in_order) {
    if (!all.empty()) all += '\n';
    all += fault;
  }
  if (count_ > kMostFaults) all += "\nand " + std::to_string(count_ - kMostFaults) + " more";
  return all;
}

}  // namespace selfheal
