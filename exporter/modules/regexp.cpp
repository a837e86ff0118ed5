#include "exporter/modules/regexp.h"

#include <re2/re2.h>

namespace selfheal {

Result<Regexp> Regexp::compile(const std::string& text) {
  re2::RE2::Options options;
  options.set_log_errors(false);
  // Bodies and records are bytes: what is not UTF-8 must not make a match impossible.
  auto compiled = std::make_shared<const re2::RE2>(text, options);
  if (!compiled->ok()) return Error{compiled->error()};
  return Regexp(text, std::move(compiled));
}

bool Regexp::matches(std::string_view subject) const {
  return re2::RE2::PartialMatch(re2::StringPiece(subject.data(), subject.size()), *compiled_);
}

}  // namespace selfheal
