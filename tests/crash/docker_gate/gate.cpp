#include "tests/crash/docker_gate/gate.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>

namespace selfheal {
namespace {

std::string lower_case(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

size_t content_length(const std::string& head) {
  const std::string name = "\r\ncontent-length:";
  const std::string lower = lower_case(head);
  const size_t at = lower.find(name);
  if (at == std::string::npos) return 0;
  return std::strtoul(lower.c_str() + at + name.size(), nullptr, 10);
}

bool of_container(const RequestHead& head, std::string_view method, std::string_view what) {
  return head.method == method && head.path.find("/containers/") != std::string::npos &&
         head.path.ends_with(what);
}

}  // namespace

RequestHead parse_head(std::string text) {
  RequestHead head;
  const size_t method_end = text.find(' ');
  const size_t target_end = text.find(' ', method_end + 1);
  if (method_end != std::string::npos && target_end != std::string::npos) {
    head.method = text.substr(0, method_end);
    head.path = text.substr(method_end + 1, target_end - method_end - 1);
    head.path.erase(std::min(head.path.find('?'), head.path.size()));
  }
  head.body_bytes = content_length(text);
  head.text = std::move(text);
  return head;
}

Passage passage_of(std::string_view mode, const RequestHead& head) {
  if (mode == "hold-inspect" && of_container(head, "GET", "/json") &&
      !head.path.ends_with("/containers/json"))
    return Passage::hold;
  if (!of_container(head, "POST", "/restart")) return Passage::pass;
  if (mode == "lose-restart") return Passage::hold;
  if (mode == "lose-reply") return Passage::forward_unanswered;
  if (mode == "half-restart") return Passage::stop_unanswered;
  return Passage::pass;
}

std::string head_for_docker(const RequestHead& head, Passage passage) {
  std::string text = head.text;
  if (passage == Passage::stop_unanswered) {
    const std::string whole = "/restart";
    text.replace(text.find(whole), whole.size(), "/stop");
  }
  return text.insert(text.find("\r\n") + 2, "Connection: close\r\n");
}

std::string_view to_string(Passage passage) {
  switch (passage) {
    case Passage::pass:
      return "passed";
    case Passage::hold:
      return "held";
    case Passage::forward_unanswered:
      return "done-unanswered";
    case Passage::stop_unanswered:
      return "stopped-unanswered";
  }
  return "";
}

}  // namespace selfheal
