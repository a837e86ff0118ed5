#include "tests/support/openmetrics_check.h"

#include <cmath>
#include <map>
#include <set>
#include <sstream>
#include <stdexcept>

#include "tests/support/metrics_text.h"

namespace selfheal {
namespace {

// What a sample's name has after its family's, by type.
const std::map<std::string, std::set<std::string>> kSuffixes{
    {"counter", {"_total", "_created"}},
    {"gauge", {""}},
    {"histogram", {"_bucket", "_count", "_sum", "_created"}},
    {"info", {"_info"}},
    {"summary", {"", "_count", "_sum", "_created"}},
    {"unknown", {""}},
};

using Labels = std::map<std::string, std::string>;

bool is_name(const std::string& name, bool colons) {
  if (name.empty() || std::isdigit(static_cast<unsigned char>(name[0]))) return false;
  for (const char c : name) {
    const bool letter = std::isalnum(static_cast<unsigned char>(c)) || c == '_';
    if (!letter && !(c == ':' && colons)) return false;
  }
  return true;
}

// The buckets of one series of a histogram, in the order written.
struct Buckets {
  double bound = -INFINITY;
  double count = 0;
};

class Checker {
 public:
  std::vector<std::string> check(std::string_view text) {
    if (!text.ends_with("# EOF\n")) faults_.push_back("the text does not end with # EOF");
    std::istringstream lines{std::string(text)};
    while (std::getline(lines, line_)) check_line();
    return faults_;
  }

 private:
  void fault(const std::string& what) { faults_.push_back(what + ": " + line_); }

  void check_line() {
    if (ended_) fault("something after # EOF");
    if (line_ == "# EOF") {
      ended_ = true;
    } else if (line_.starts_with('#')) {
      check_metadata();
    } else {
      check_sample();
    }
  }

  void check_metadata() {
    std::istringstream words(line_);
    std::string hash, what, name, text;
    words >> hash >> what >> name;
    std::getline(words >> std::ws, text);
    if (name != family_) begin_family(name);
    if (sampled_) fault("metadata after a sample of its family");
    if (!metadata_.insert(what).second) fault("metadata twice");
    if (what == "TYPE") {
      type_ = text;
      if (!kSuffixes.contains(text)) fault("no type of OpenMetrics");
    } else if (what == "UNIT") {
      if (!name.ends_with("_" + text)) fault("a unit that the name does not end with");
    } else if (what != "HELP") {
      fault("no comment of OpenMetrics");
    }
  }

  void begin_family(const std::string& name) {
    if (!is_name(name, true)) fault("no name");
    if (!families_.insert(name).second) fault("a family in two places");
    family_ = name;
    type_ = "unknown";
    metadata_.clear();
    sampled_ = false;
    buckets_.clear();
  }

  void check_sample() {
    MetricSample sample;
    try {
      sample = parse_sample(line_);
    } catch (const std::runtime_error&) {
      return fault("no sample");
    }
    sampled_ = true;
    if (!sample.name.starts_with(family_) ||
        !kSuffixes.at(type_).contains(sample.name.substr(family_.size())))
      return fault("not of the family " + family_ + " (" + type_ + ")");
    for (const auto& [name, value] : sample.labels) {
      if (!is_name(name, false)) fault("no name of a label");
    }
    if (!series_.emplace(sample.name, sample.labels).second) fault("a series twice");
    check_value(sample, sample.name.substr(family_.size()));
  }

  void check_value(const MetricSample& sample, const std::string& suffix) {
    if (type_ == "info" && sample.value != 1) fault("an info that is not 1");
    if (type_ == "counter" && !(sample.value >= 0)) fault("a counter that is not 0 or more");
    if (type_ != "histogram") return;
    if (suffix == "_bucket") check_bucket(sample);
    if (suffix == "_count") check_count(sample);
  }

  void check_bucket(const MetricSample& sample) {
    Labels series = sample.labels;
    const auto le = series.extract("le");
    if (!le) return fault("a bucket without le");
    if (le.mapped().find_first_of(".ef") == std::string::npos) fault("le is no float");
    Buckets& buckets = buckets_[series];
    const double bound = std::stod(le.mapped());
    if (bound <= buckets.bound || sample.value < buckets.count) fault("buckets that don't rise");
    buckets = {bound, sample.value};
  }

  void check_count(const MetricSample& sample) {
    const auto buckets = buckets_.find(sample.labels);
    if (buckets == buckets_.end() || !std::isinf(buckets->second.bound))
      return fault("a histogram without its bucket +Inf");
    if (buckets->second.count != sample.value) fault("a count that is not that of +Inf");
  }

  std::string line_;
  std::vector<std::string> faults_;
  bool ended_ = false;
  std::set<std::string> families_;
  std::set<std::pair<std::string, Labels>> series_;
  // Of the present family.
  std::string family_;
  std::string type_ = "unknown";
  std::set<std::string> metadata_;
  bool sampled_ = false;
  std::map<Labels, Buckets> buckets_;
};

}  // namespace

std::vector<std::string> openmetrics_faults(std::string_view text) {
  return Checker().check(text);
}

}  // namespace selfheal
