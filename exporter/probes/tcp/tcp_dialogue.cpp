#include "exporter/probes/tcp/tcp_dialogue.h"

#include <algorithm>

#include "common/base/text_list.h"
#include "exporter/modules/regexp_groups.h"

namespace selfheal {
namespace {

constexpr size_t kLongestLine = 64 * 1'024;
constexpr size_t kMostBytes = 16 * 1'024 * 1'024;

}  // namespace

TcpDialogue::Action TcpDialogue::next() {
  while (step_ < script_.size()) {
    const QueryResponse& step = script_[step_];
    switch (part_) {
      case Part::enter:
        if (log_)
          log_.info("Processing query response entry", {{"entry_number", std::to_string(step_)}});
        send_ = step.send.value_or("");
        part_ = Part::expect;
        break;
      case Part::expect:
        if (auto action = expect(step)) return *action;
        part_ = Part::expect_bytes;
        break;
      case Part::expect_bytes:
        if (auto action = expect_bytes(step)) return *action;
        part_ = Part::send;
        break;
      case Part::send:
        part_ = Part::starttls;
        if (send_.empty()) break;
        if (log_) log_.debug("Sending line", {{"line", send_}});
        return {Step::send, send_ + "\n"};
      case Part::starttls:
        part_ = Part::enter;
        ++step_;
        if (!step.starttls) break;
        buffer_.clear();
        begin_ = searched_ = 0;
        return {Step::starttls};
    }
  }
  return {Step::passed};
}

void TcpDialogue::received(std::string_view bytes) {
  buffer_.erase(0, begin_);
  begin_ = 0;
  buffer_ += bytes;
  total_ += bytes.size();
}

std::string TcpDialogue::awaited() const {
  if (step_ >= script_.size()) return "the peer to take what was sent";
  const QueryResponse& step = script_[step_];
  if (part_ == Part::expect && step.expect)
    return "a line that matches " + in_quotes(step.expect->text());
  if (part_ == Part::expect_bytes && step.expect_bytes)
    return "the bytes " + in_quotes(*step.expect_bytes);
  return "its turn";
}

// ---- expect

std::optional<TcpDialogue::Action> TcpDialogue::expect(const QueryResponse& step) {
  if (!step.expect) return std::nullopt;
  while (const auto line = take_line()) {
    if (matches(step, *line)) return std::nullopt;
  }
  if (unread().size() >= kLongestLine)
    return failure(ProbeReason::protocol, "the peer sent a line of more than 64 KiB");
  if (ended_ || total_ > kMostBytes) return no_match(step);
  return Action{};
}

bool TcpDialogue::matches(const QueryResponse& step, std::string_view line) {
  if (log_) log_.debug("Read line", {{"line", std::string(line)}});
  const auto groups = match_groups(*step.expect, line);
  if (!groups) return false;
  if (log_)
    log_.info("Regexp matched", {{"regexp", step.expect->text()}, {"line", std::string(line)}});
  send_ = expand_groups(send_, *step.expect, *groups);
  for (const auto& [name, value] : step.labels)
    expect_info_.emplace_back(name, expand_groups(value, *step.expect, *groups));
  return true;
}

// The next whole line; at the end of the stream also what is left of one.
std::optional<std::string_view> TcpDialogue::take_line() {
  std::string_view line = unread();
  const size_t newline = line.find('\n', searched_);
  searched_ = line.size();
  if (newline == std::string_view::npos && (!ended_ || line.empty())) return std::nullopt;
  const size_t length = std::min(newline, line.size());
  begin_ += std::min(length + 1, line.size());
  searched_ = 0;
  line = line.substr(0, length);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

TcpDialogue::Action TcpDialogue::no_match(const QueryResponse& step) {
  failed_due_to_regex_ = true;
  const std::string expected = in_quotes(step.expect->text());
  if (log_) log_.error("Regexp did not match", {{"regexp", step.expect->text()}});
  return failure(ProbeReason::body,
                 ended_ ? "the peer closed the connection before a line matched " + expected
                        : "no line of the first 16 MiB matched " + expected);
}

// ---- expect_bytes

std::optional<TcpDialogue::Action> TcpDialogue::expect_bytes(const QueryResponse& step) {
  if (!step.expect_bytes || step.expect_bytes->empty()) return std::nullopt;
  const std::string& expected = *step.expect_bytes;
  const std::string_view got = unread().substr(0, expected.size());
  if (got != expected.substr(0, got.size()))
    return failure(ProbeReason::body, "the peer did not send the bytes " + in_quotes(expected));
  if (got.size() == expected.size()) {
    begin_ += got.size();
    return std::nullopt;
  }
  if (ended_)
    return failure(
        ProbeReason::body,
        "the peer closed the connection before it had sent the bytes " + in_quotes(expected));
  return Action{};
}

TcpDialogue::Action TcpDialogue::failure(ProbeReason reason, std::string detail) const {
  if (log_) log_.error("Dialogue failed", {{"err", detail}});
  return {Step::failed, {}, reason, std::move(detail)};
}

}  // namespace selfheal
