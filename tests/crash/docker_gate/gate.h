// What happens to one request on its way to Docker. The mode stands in a file and is read for each
// request, so that a test chooses the moment at which the remediator is killed:
//
//   pass           everything goes through
//   hold-inspect   a container's inspect is never answered, nor asked
//   lose-restart   a restart is never answered, nor does Docker hear of it
//   lose-reply     Docker does the restart, its reply is not delivered
//   half-restart   Docker does the first half of it, the stop, and nothing is delivered: what is
//                  left of a restart whose client died in the middle
//
// What is not delivered keeps its client waiting until that hangs up.
#pragma once

#include <string>
#include <string_view>

namespace selfheal {

enum class Passage { pass, hold, forward_unanswered, stop_unanswered };

struct RequestHead {
  std::string text;  // up to and with the empty line
  std::string method;
  std::string path;  // without the query
  size_t body_bytes = 0;
};

// [pure] `text` is a whole head.
RequestHead parse_head(std::string text);
// [pure] An unknown mode lets everything pass.
Passage passage_of(std::string_view mode, const RequestHead& head);
// [pure] The head as Docker gets it: it is to close the connection after its answer, which then
// needs no parsing to be relayed.
std::string head_for_docker(const RequestHead& head, Passage passage);
std::string_view to_string(Passage passage);

}  // namespace selfheal
