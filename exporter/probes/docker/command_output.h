// What a command printed, as much of it as is worth keeping: the beginning for the trace, and the
// end, where a program says what it died of. [pure]
#pragma once

#include <string>
#include <string_view>

namespace selfheal {

class CommandOutput {
 public:
  static constexpr size_t kBeginning = 4096;
  static constexpr size_t kEnd = 512;

  void add(std::string_view piece);
  const std::string& beginning() const { return beginning_; }
  const std::string& end() const { return end_; }

 private:
  std::string beginning_;
  std::string end_;
};

// The last line that has something in it, without blanks around it, at most 200 bytes.
std::string last_line(std::string_view text);

// "exit status 127 (there is no such command in the container): sh: nope: not found"
std::string describe_exit(int exit_code, std::string_view output);

}  // namespace selfheal
