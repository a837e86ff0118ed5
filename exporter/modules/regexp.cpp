#include "exporter/modules/regexp.h"

#include <re2/re2.h>

#include "common/base/utf8.h"

namespace selfheal {

Result<Regexp> Regexp::compile(const std::string& text) {
  re2::RE2::Options options;
  options.set_log_errors(false);
  auto compiled = std::make_shared<const re2::RE2>(text, options);
  if (!compiled->ok()) return Error{compiled->error()};
  return Regexp(text, std::move(compiled));
}

bool Regexp::matches(std::string_view subject) const {
  if (!is_utf8(subject)) return matches(made_utf8(subject));
  return re2::RE2::PartialMatch(re2::StringPiece(subject.data(), subject.size()), *compiled_);
}

}  // namespace selfheal
