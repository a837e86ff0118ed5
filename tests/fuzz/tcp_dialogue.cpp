#include "exporter/probes/tcp/tcp_dialogue.h"

#include <algorithm>
#include <vector>

#include "tests/fuzz/fuzzers.h"

namespace selfheal::fuzz {
namespace {

QueryResponse expecting(const char* regexp, const char* send) {
  QueryResponse step;
  step.expect = *Regexp::compile(regexp);
  step.send = send;
  step.labels = {{"said", "$1"}, {"all", "${0}"}};
  return step;
}

using Script = std::vector<QueryResponse>;

const std::vector<Script>& scripts() {
  static const std::vector<Script> all = [] {
    QueryResponse bytes;
    bytes.expect_bytes = "PONG";
    QueryResponse tls;
    tls.starttls = true;
    return std::vector<Script>{
        {expecting("^220 (.*)", "EHLO $1"), expecting("^250[ -]STARTTLS", "STARTTLS"), tls,
         expecting("^220", "QUIT")},
        {bytes, expecting("", "${1}$$${x}")},
        {expecting("(a|b)*c", ""), expecting("(?s).*", "x")}};
  }();
  return all;
}

// Until it waits. False when it is over.
bool proceed(TcpDialogue& dialogue, size_t most_steps) {
  for (size_t step = 0; step <= most_steps; ++step) {
    switch (dialogue.next().step) {
      case TcpDialogue::Step::wait:
        demand(!dialogue.awaited().empty(), "it says what it waits for");
        return true;
      case TcpDialogue::Step::passed:
      case TcpDialogue::Step::failed:
        return false;
      default:
        break;
    }
  }
  demand(false, "a dialogue goes on");
  return false;
}

}  // namespace

void tcp_dialogue(std::string_view input) {
  if (input.empty()) return;
  const auto first = static_cast<unsigned char>(input.front());
  const Script& script = scripts()[first % scripts().size()];
  const size_t piece = 1 + first / scripts().size();
  const size_t most_steps = 2 * script.size() + 1;
  input.remove_prefix(1);
  TcpDialogue dialogue(script, ProbeLog());
  while (proceed(dialogue, most_steps)) {
    if (input.empty()) {
      dialogue.ended();
      demand(!proceed(dialogue, most_steps), "the end of the stream ends it");
      return;
    }
    dialogue.received(input.substr(0, piece));
    input.remove_prefix(std::min(piece, input.size()));
  }
}

}  // namespace selfheal::fuzz
