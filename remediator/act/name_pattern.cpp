#include "remediator/act/name_pattern.h"

#include <re2/re2.h>

namespace selfheal {

Result<NamePattern> NamePattern::compile(const std::string& text) {
  re2::RE2::Options options(re2::RE2::Latin1);  // a name is bytes, and need not be UTF-8
  options.set_log_errors(false);
  auto compiled = std::make_shared<const re2::RE2>(text, options);
  if (!compiled->ok()) return Error{"not a regular expression: " + compiled->error()};
  return NamePattern(text, std::move(compiled));
}

bool NamePattern::matches(const std::string& name) const {
  return re2::RE2::PartialMatch(name, *compiled_);
}

}  // namespace selfheal
