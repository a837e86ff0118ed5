// The end of a container's log out of Docker's answer, which comes in pieces: without the frames of
// the two streams, and never more in memory than twice what is wanted. [pure]
#pragma once

#include <string>
#include <string_view>

#include "common/docker/docker_api.h"
#include "common/docker/stream_demultiplexer.h"

namespace selfheal {

class LogCollector {
 public:
  explicit LogCollector(const LogTail& tail) : tail_(tail) {}

  void feed(std::string_view piece);
  LogText taken() &&;

 private:
  void add(std::string_view output);
  void keep_the_end(size_t bytes);

  const LogTail tail_;
  StreamDemultiplexer demultiplexer_;
  LogText log_;
};

}  // namespace selfheal
