#include "exporter/probes/http/http1_response.h"

#include <algorithm>
#include <string>

#include "tests/fuzz/fuzzers.h"

namespace selfheal::fuzz {
namespace {

struct Received final : Http1Response::Receiver {
  bool take_head(const ResponseHead& head) override {
    demand(++heads == 1, "one head");
    demand(head.status >= 101 && head.status <= 999,
           "a status of three digits, not an interim one");
    return true;
  }
  bool take_body(std::string_view piece) override {
    demand(heads == 1, "the body comes after the head");
    demand(!piece.empty(), "no empty pieces");
    body += piece;
    return true;
  }
  int heads = 0;
  std::string body;
};

struct Reading {
  Http1Response::Progress progress;
  int status;
  std::string body;
  bool operator==(const Reading&) const = default;
};

Reading read(std::string_view input, size_t piece, Http1Response::Body expected) {
  using Progress = Http1Response::Progress;
  Received received;
  Http1Response response(expected, received);
  Progress progress = Progress::more;
  for (; progress == Progress::more && !input.empty();
       input.remove_prefix(std::min(piece, input.size())))
    progress = response.feed(input.substr(0, piece));
  if (progress == Progress::more) progress = response.end();
  demand(progress == Progress::done || progress == Progress::broken, "the end ends it");
  demand((progress == Progress::broken) == !response.fault().empty(), "a fault has its words");
  demand((response.head().status != 0) == (received.heads == 1), "the head is there when it came");
  if (progress == Progress::done && response.content_length() >= 0 && !received.body.empty())
    demand(received.body.size() == static_cast<size_t>(response.content_length()),
           "the body is as long as announced");
  return {progress, response.head().status, received.body};
}

}  // namespace

void http1_response(std::string_view input) {
  if (input.empty()) return;
  const auto first = static_cast<unsigned char>(input.front());
  input.remove_prefix(1);
  const auto expected = first % 2 == 0 ? Http1Response::Body::expected : Http1Response::Body::none;
  demand(read(input, 1 + first / 2, expected) == read(input, 1 << 20, expected),
         "it does not matter in what pieces it comes");
}

}  // namespace selfheal::fuzz
