#include "exporter/probes/http/http1_response.h"

#include <algorithm>
#include <charconv>

#include "common/base/ascii_text.h"

namespace selfheal {
namespace {

constexpr size_t kMaxHeadBytes = 256 << 10;
constexpr size_t kMaxLineBytes = 4 << 10;  // of a chunk's size or trailer

bool is_space(char c) {
  return c == ' ' || c == '\t';
}

std::string_view without_return(std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

// The size of a head at the front of `text` with the empty line that ends it, or npos. Lines end
// with LF; the CR before it is customary.
size_t head_size(std::string_view text, size_t from) {
  for (size_t at = text.find('\n', from); at != std::string_view::npos;
       at = text.find('\n', at + 1)) {
    const std::string_view rest = text.substr(at + 1);
    if (rest.starts_with('\n')) return at + 2;
    if (rest.starts_with("\r\n")) return at + 3;
  }
  return std::string_view::npos;
}

template <class Number>
bool parse_whole(std::string_view text, Number& number, int base) {
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  return fault == std::errc() && end == text.data() + text.size();
}

std::string excerpt(std::string_view text) {
  std::string shown;
  for (const char c : text.substr(0, 40)) shown += c >= ' ' && c <= '~' ? c : '?';
  return '"' + shown + '"';
}

}  // namespace

Http1Response::Progress Http1Response::broken(std::string what) {
  fault_ = std::move(what);
  return Progress::broken;
}

Http1Response::Progress Http1Response::feed(std::string_view bytes) {
  began_ = began_ || !bytes.empty();
  Progress progress = Progress::more;
  while (progress == Progress::more && !bytes.empty() && state_ != State::done)
    progress = step(bytes);
  return progress == Progress::more && state_ == State::done ? Progress::done : progress;
}

Http1Response::Progress Http1Response::step(std::string_view& bytes) {
  switch (state_) {
    case State::head:
      return read_head(bytes);
    case State::chunk_size:
      return read_chunk_size(bytes);
    case State::by_length:
    case State::chunk:
    case State::to_end:
      return body_piece(bytes);
    case State::chunk_end: {
      std::string line;
      if (!take_line(bytes, line)) return Progress::more;
      if (!line.empty()) return broken("a chunk is longer than announced");
      state_ = State::chunk_size;
      return Progress::more;
    }
    case State::trailer:
      return read_trailer(bytes);
    case State::done:
      break;
  }
  return Progress::done;
}

Http1Response::Progress Http1Response::end() {
  if (state_ == State::done || state_ == State::to_end) return Progress::done;
  if (!began_) return broken("the connection was closed without an answer");
  return broken(state_ == State::head ? "the connection was closed within the headers"
                                      : "the connection was closed before the body's end");
}

Http1Response::Progress Http1Response::read_head(std::string_view& bytes) {
  const size_t before = pending_.size();
  pending_.append(bytes.substr(0, kMaxHeadBytes + 1 - std::min(before, kMaxHeadBytes)));
  const size_t size = head_size(pending_, before < 2 ? 0 : before - 2);
  if (size == std::string::npos) {
    bytes = {};
    // What speaks another protocol may wait for us rather than end its lines.
    if (!std::string_view("HTTP/1.").starts_with(pending_.substr(0, 7)))
      return broken("this is no HTTP/1 answer: " + excerpt(pending_));
    return pending_.size() > kMaxHeadBytes ? broken("the response's headers are longer than 256 KB")
                                           : Progress::more;
  }
  bytes.remove_prefix(size - before);
  const std::string head = std::exchange(pending_, {});
  return parse_head(std::string_view(head).substr(0, size));
}

Http1Response::Progress Http1Response::parse_head(std::string_view head) {
  head_ = {};
  content_length_ = -1;
  chunked_ = false;
  for (bool first = true; !head.empty(); first = false) {
    const size_t end = head.find('\n');
    const std::string_view line = without_return(head.substr(0, end));
    head.remove_prefix(end + 1);
    if (first ? !parse_status_line(line) : !line.empty() && !parse_header(line))
      return Progress::broken;
  }
  return choose_body();
}

bool Http1Response::parse_status_line(std::string_view line) {
  const bool http1 = line.starts_with("HTTP/1.") && line.size() >= 12 && line[8] == ' ' &&
                     (line[7] == '0' || line[7] == '1') && (line.size() == 12 || line[12] == ' ');
  if (!http1 || !parse_whole(line.substr(9, 3), head_.status, 10) || head_.status < 100) {
    broken("this is no HTTP/1 answer: " + excerpt(line));
    return false;
  }
  minor_version_ = line[7] - '0';
  return true;
}

bool Http1Response::parse_header(std::string_view line) {
  if (is_space(line.front()) && !head_.headers.empty()) {  // the continuation of the line before
    head_.headers.back().second.append(" ").append(trimmed(line));
    return true;
  }
  const size_t colon = line.find(':');
  if (colon == std::string_view::npos || colon == 0 || is_space(line[colon - 1]) ||
      is_space(line.front())) {
    broken("this is no header: " + excerpt(line));
    return false;
  }
  head_.headers.emplace_back(line.substr(0, colon), trimmed(line.substr(colon + 1)));
  return true;
}

// How long the body is, as the headers have it.
bool Http1Response::parse_framing() {
  for (const auto& [name, value] : head_.headers) {
    if (same_header_name(name, "Content-Length")) {
      int64_t length = 0;
      if (!parse_whole(std::string_view(value), length, 10) || length < 0)
        broken("this is no length: " + excerpt(value));
      else if (content_length_ >= 0 && content_length_ != length)
        broken("two lengths are given");
      content_length_ = length;
    } else if (same_header_name(name, "Transfer-Encoding") && minor_version_ > 0) {
      chunked_ = same_header_name(value, "chunked");
      if (!chunked_) broken("the transfer encoding is unknown: " + excerpt(value));
    }
  }
  if (chunked_) content_length_ = -1;
  return fault_.empty();
}

Http1Response::Progress Http1Response::choose_body() {
  if (!parse_framing()) return Progress::broken;
  const int status = head_.status;
  if (status < 200 && status != 101) return Progress::more;  // interim: the next head follows
  if (body_ == Body::none || status == 101 || status == 204 || status == 304) {
    state_ = State::done;
  } else if (chunked_) {
    state_ = State::chunk_size;
  } else if (content_length_ >= 0) {
    left_ = static_cast<uint64_t>(content_length_);
    state_ = left_ > 0 ? State::by_length : State::done;
  } else {
    state_ = State::to_end;
  }
  return receiver_.take_head(head_) ? Progress::more : Progress::refused;
}

const ResponseHead& Http1Response::head() const {
  static const ResponseHead kNone;
  return state_ == State::head ? kNone : head_;
}

Http1Response::Progress Http1Response::body_piece(std::string_view& bytes) {
  std::string_view piece = bytes;
  if (state_ != State::to_end) {
    piece = bytes.substr(0, left_);
    left_ -= piece.size();
  }
  bytes.remove_prefix(piece.size());
  if (!receiver_.take_body(piece)) return Progress::refused;
  if (state_ != State::to_end && left_ == 0)
    state_ = state_ == State::chunk ? State::chunk_end : State::done;
  return Progress::more;
}

Http1Response::Progress Http1Response::read_chunk_size(std::string_view& bytes) {
  std::string line;
  if (!take_line(bytes, line)) return Progress::more;
  if (line.size() > kMaxLineBytes) return broken("the line of a chunk's size is too long");
  const std::string_view size = trimmed(std::string_view(line).substr(0, line.find(';')));
  if (!parse_whole(size, left_, 16)) return broken("this is no chunk's size: " + excerpt(line));
  state_ = left_ > 0 ? State::chunk : State::trailer;
  return Progress::more;
}

Http1Response::Progress Http1Response::read_trailer(std::string_view& bytes) {
  std::string line;
  if (!take_line(bytes, line)) return Progress::more;
  if (line.size() > kMaxLineBytes) return broken("a trailer is too long");
  if (line.empty()) state_ = State::done;
  return Progress::more;
}

bool Http1Response::take_line(std::string_view& bytes, std::string& line) {
  const size_t end = bytes.find('\n');
  pending_.append(bytes.substr(0, end));
  const bool whole = end != std::string_view::npos;
  bytes.remove_prefix(whole ? end + 1 : bytes.size());
  // One that is too long is given out as it is, for its reader to refuse.
  if (!whole && pending_.size() <= kMaxLineBytes) return false;
  line = std::exchange(pending_, {});
  if (line.ends_with('\r')) line.pop_back();
  return true;
}

}  // namespace selfheal
