// A pattern of the configuration for names of variables: RE2, found anywhere in the name. [pure]
// Immutable, shared between copies, safe from any thread.
#pragma once

#include <memory>
#include <string>

#include "common/base/result.h"

namespace re2 {
class RE2;
}

namespace selfheal {

class NamePattern {
 public:
  // The error is RE2's own, for a person.
  static Result<NamePattern> compile(const std::string& text);
  const std::string& text() const { return text_; }
  bool matches(const std::string& name) const;

 private:
  NamePattern(std::string text, std::shared_ptr<const re2::RE2> compiled)
      : text_(std::move(text)), compiled_(std::move(compiled)) {}
  std::string text_;
  std::shared_ptr<const re2::RE2> compiled_;
};

}  // namespace selfheal
