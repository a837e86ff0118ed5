// Takes the frames of Docker's stream of a command's output apart. [pure]
//
// A frame is a byte for the stream (0 to 2), three zeros, the length as four bytes, big-endian, and
// that many bytes. What does not look like one is plain output (of a terminal, or an error that an
// engine wrote as it is), and so is all that follows.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace selfheal {

class StreamDemultiplexer {
 public:
  void feed(std::string_view piece, const std::function<void(std::string_view)>& on_output);

 private:
  std::string header_;  // the beginning of a frame's header
  uint64_t left_ = 0;   // of the frame's bytes
  bool plain_ = false;
};

}  // namespace selfheal
