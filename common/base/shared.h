// A value that is shared instead of copied: immutable, never missing, and compared by what it says.
//
// For what there are many equal or unchanged copies of over the exporter's tables. Copies are as
// safe from several threads as those of a shared_ptr.
#pragma once

#include <memory>
#include <utility>

namespace selfheal {

template <class T>
class Shared {
 public:
  Shared() : Shared(T{}) {}
  Shared(T value) : value_(std::make_shared<const T>(std::move(value))) {}

  const T& operator*() const { return *value_; }
  const T* operator->() const { return value_.get(); }
  bool operator==(const Shared& other) const {
    return value_ == other.value_ || *value_ == *other.value_;
  }

 private:
  std::shared_ptr<const T> value_;
};

}  // namespace selfheal
