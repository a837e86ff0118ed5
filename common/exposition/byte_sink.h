// Where text goes on its way out, a chunk at a time. Sinks belong to one thread.
#pragma once

#include <string>
#include <string_view>

namespace selfheal {

class ByteSink {
 public:
  virtual ~ByteSink() = default;
  virtual void write(std::string_view bytes) = 0;
};

class StringSink final : public ByteSink {
 public:
  explicit StringSink(std::string& text) : text_(text) {}
  void write(std::string_view bytes) override { text_.append(bytes); }

 private:
  std::string& text_;
};

}  // namespace selfheal
