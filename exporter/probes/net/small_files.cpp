#include "exporter/probes/net/small_files.h"

#include <algorithm>
#include <utility>

namespace selfheal {
namespace {

constexpr size_t kMaxFiles = 64;  // those of modules that are no more leave some time

}  // namespace

Result<SmallFiles::Text> SmallFiles::read(const std::string& path) {
  const auto known = std::find_if(entries_.begin(), entries_.end(),
                                  [&](const Entry& entry) { return entry.stamp.path() == path; });
  if (known != entries_.end()) {
    if (!known->stamp.changed()) return known->text;
    entries_.erase(known);
  }
  FileStamp stamp(path);  // before it is read: a change in between is seen next time
  Result<std::string> text = read_small_file(path);
  if (!text) return text.error();
  entries_.push_front({std::move(stamp), std::make_shared<const std::string>(std::move(*text))});
  if (entries_.size() > kMaxFiles) entries_.pop_back();
  return entries_.front().text;
}

}  // namespace selfheal
