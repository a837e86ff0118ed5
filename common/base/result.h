// Result<T, E>: a value or the reason why there is none.
//
// For failures that are expected while running (a socket that is missing, a label that can't be
// parsed). Exceptions are for starting up only; a broken invariant aborts. Asking for the side that
// is not there is such a broken invariant.
#pragma once

#include <cstdlib>
#include <string>
#include <utility>
#include <variant>

namespace selfheal {

// What was wrong, where, and what to do, in one line for a person.
struct Error {
  std::string message;
};

template <class T, class E = Error>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(E error) : state_(std::in_place_index<1>, std::move(error)) {}

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  T& value() & {
    demand(ok());
    return *std::get_if<0>(&state_);
  }
  const T& value() const& {
    demand(ok());
    return *std::get_if<0>(&state_);
  }
  T&& value() && { return std::move(value()); }
  const E& error() const {
    demand(!ok());
    return *std::get_if<1>(&state_);
  }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(value()); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

 private:
  static void demand(bool condition) {
    if (!condition) std::abort();
  }

  std::variant<T, E> state_;
};

struct Done {};  // the value of a Result that has nothing to say but that it went well

template <class E = Error>
using Outcome = Result<Done, E>;

}  // namespace selfheal
