// An RE2 expression with the text it was made from. [pure] Immutable, shared between copies, safe
// from any thread. Unanchored, as blackbox_exporter's.
//
// Bodies and lines are bytes. A byte that is not UTF-8 counts as the character U+FFFD, as in Go;
// RE2 itself takes it for none, so that not even `.` or [^x] would match it.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "common/base/result.h"

namespace re2 {
class RE2;
}

namespace selfheal {

class Regexp {
 public:
  // The error is RE2's own, for a person.
  static Result<Regexp> compile(const std::string& text);
  const std::string& text() const { return text_; }
  // Whether it is found anywhere in `subject`.
  bool matches(std::string_view subject) const;
  const re2::RE2& re2() const { return *compiled_; }
  bool operator==(const Regexp& other) const { return text_ == other.text_; }

 private:
  Regexp(std::string text, std::shared_ptr<const re2::RE2> compiled)
      : text_(std::move(text)), compiled_(std::move(compiled)) {}
  std::string text_;
  std::shared_ptr<const re2::RE2> compiled_;
};

}  // namespace selfheal
