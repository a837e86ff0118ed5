#include "common/docker/docker_messages.h"

#include <algorithm>

#include "common/docker/docker_evidence_messages.h"
#include "common/docker/stream_demultiplexer.h"
#include "exporter/discovery/target_discovery.h"
#include "exporter/probes/docker/command_output.h"
#include "tests/fuzz/fuzzers.h"

namespace selfheal::fuzz {
namespace {

constexpr size_t kPiece = 7;

template <class T>
void check(const Result<T>& read) {
  if (!read) demand(!read.error().message.empty(), "a fault says what it is");
}

void output_in_pieces(std::string_view input) {
  StreamDemultiplexer frames;
  CommandOutput output;
  size_t passed_on = 0;
  for (size_t at = 0; at < input.size(); at += kPiece) {
    frames.feed(input.substr(at, kPiece), [&](std::string_view piece) {
      passed_on += piece.size();
      output.add(piece);
    });
  }
  demand(passed_on <= input.size(), "there is no more output than there was");
  demand(last_line(output.end()).size() <= 200, "a last line is short");
  describe_exit(1, output.end());
}

}  // namespace

void docker_messages(std::string_view input) {
  check(parse_docker_host(input));
  check(parse_info(input));
  check(parse_container_list(input));
  check(parse_event(input));
  check(parse_memory_usage(input));
  check(parse_container_stats(input));
  check(parse_processes(input));
  check(parse_exec_id(input));
  check(parse_exec_state(input));
  parse_error_message(input);
  if (const auto details = parse_container_details(input))
    discover(*details, nullptr, DiscoverySettings{});
  output_in_pieces(input);
}

}  // namespace selfheal::fuzz
