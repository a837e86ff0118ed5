// The dialogue of a tcp module's query_response, as blackbox_exporter holds it. [pure]
//
// Bytes go in by received() and ended(), what is to be done comes out of next(), which is asked
// until it says wait, passed or failed:
//
//   expect        lines are read until one matches, without their \n or \r\n; the end of the
//                 stream before that is a mismatch (failed_due_to_regex)
//   expect_bytes  as many bytes are read as are expected, and compared
//   send          with a newline behind it, ${1} standing for a group of the step's expect
//   starttls      what was read ahead is forgotten
//
// A line may have 64 KiB, all that is read 16 MiB: a peer must not fill the memory, nor keep the
// regular expression busy for ever.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "exporter/modules/module.h"
#include "exporter/probes/probe.h"
#include "exporter/probes/probe_log.h"

namespace selfheal {

class TcpDialogue {
 public:
  enum class Step { wait, send, starttls, passed, failed };
  struct Action {
    Step step = Step::wait;
    std::string bytes = {};                      // to send
    ProbeReason reason = ProbeReason::protocol;  // of a failure
    std::string detail = {};
  };

  // `script` must outlive it.
  TcpDialogue(const std::vector<QueryResponse>& script, ProbeLog log)
      : script_(script), log_(std::move(log)) {}

  Action next();
  void received(std::string_view bytes);
  // The peer will send nothing more.
  void ended() { ended_ = true; }

  bool failed_due_to_regex() const { return failed_due_to_regex_; }
  // The labels of the steps that matched.
  const std::vector<std::pair<std::string, std::string>>& expect_info() const {
    return expect_info_;
  }
  // What it waits for, for a person: `a line that matches "^220"`.
  std::string awaited() const;

 private:
  enum class Part { enter, expect, expect_bytes, send, starttls };

  // Nothing: done, on to the next part.
  std::optional<Action> expect(const QueryResponse& step);
  std::optional<Action> expect_bytes(const QueryResponse& step);
  bool matches(const QueryResponse& step, std::string_view line);
  std::optional<std::string_view> take_line();
  Action no_match(const QueryResponse& step);
  Action failure(ProbeReason reason, std::string detail) const;
  std::string_view unread() const { return std::string_view(buffer_).substr(begin_); }

  const std::vector<QueryResponse>& script_;
  const ProbeLog log_;
  size_t step_ = 0;
  Part part_ = Part::enter;
  std::string buffer_;
  size_t begin_ = 0;     // of what is unread in the buffer
  size_t searched_ = 0;  // of what is unread, without finding a newline
  size_t total_ = 0;
  bool ended_ = false;
  bool failed_due_to_regex_ = false;
  std::string send_;  // of this step, expanded
  std::vector<std::pair<std::string, std::string>> expect_info_;
};

}  // namespace selfheal
