#include <algorithm>
#include <string>

#include "exporter/probes/grpc/grpc_message.h"
#include "exporter/probes/http/http_body.h"
#include "exporter/probes/http/http_head.h"
#include "exporter/probes/http/http_url.h"
#include "exporter/probes/http/http_verdict.h"
#include "tests/fuzz/fuzzers.h"

namespace selfheal::fuzz {
namespace {

HttpModule strict_module(const char* compression) {
  HttpModule module;
  module.compression = compression;
  module.body_size_limit = 100'000;
  module.fail_if_body_matches_regexp = {*Regexp::compile("(a|b)*c")};
  module.fail_if_header_not_matches = {{"Content-Type", *Regexp::compile("^text/"), false}};
  return module;
}

// Lines up to the end of the head; the rest of `input` is the body.
ResponseHead head_of(std::string_view& input) {
  HeadReader reader;
  while (!input.empty()) {
    const size_t end = std::min(input.find('\n'), input.size() - 1) + 1;
    const auto progress = reader.take(input.substr(0, end));
    input.remove_prefix(end);
    if (progress != HeadReader::Progress::reading) break;
  }
  return reader.head();
}

void body(const HttpModule& module, std::string_view input, HttpVerdict& verdict) {
  ResponseBody decoded(module);
  decoded.keep();
  bool wanted = true;
  while (wanted && !input.empty()) {
    wanted = decoded.take(input.substr(0, ResponseBody::kCompressedPieceBytes));
    input.remove_prefix(std::min<size_t>(ResponseBody::kCompressedPieceBytes, input.size()));
  }
  if (!wanted || !decoded.finish()) demand(!decoded.fault().empty(), "a fault says what it is");
  demand(decoded.length() <= module.body_size_limit, "a body keeps its limit");
  verdict.judge_body(decoded.text());
}

void url(const ResponseHead& head) {
  static const HttpUrl from = *HttpUrl::parse("http://user:pass@example.org:8080/a?b");
  const auto to = from.resolve(head.first("Location"));
  if (to && to->speaks_http())
    demand(HttpUrl::parse(to->text()).ok(), "a URL is read back as it is written");
}

}  // namespace

void http_responses(std::string_view input) {
  static const HttpModule modules[] = {strict_module(""), strict_module("gzip"),
                                       strict_module("deflate"), strict_module("br")};
  if (input.empty()) return;
  const HttpModule& module = modules[static_cast<unsigned char>(input.front()) % 4];
  input.remove_prefix(1);
  if (const auto status = decode_health_response(input))
    demand(!status->empty(), "a health status has a name");
  grpc_message_text(input);
  const ResponseHead head = head_of(input);
  HttpVerdict verdict(module, ProbeLog());
  verdict.judge_head(head);
  body(module, input, verdict);
  url(head);
}

}  // namespace selfheal::fuzz
