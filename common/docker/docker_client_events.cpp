// The stream of an engine's events.
#include "common/docker/docker_call.h"
#include "common/docker/docker_client.h"

namespace selfheal {
namespace {

using docker_call::failure_of_status;
using docker_call::kQuickTimeout;

// One has all labels of its container in it. A longer one is left out, and not the others with it:
// what it would have told is in the next list.
constexpr size_t kLongestEvent = 1 << 20;
// Nothing else tells of a connection that died without a word.
constexpr Milliseconds kStreamLife{60'000};
// What may change something that inspect shows, and who asked for it; a network's events come when
// a container gets or loses an address. Without the events of commands: each check of each
// HEALTHCHECK has three. Engines compare by the beginning: health_status has its value behind it.
constexpr std::string_view kEventFilter =
    R"({"type":["container","network"],"event":["create","start","restart","stop","die","died",)"
    R"("kill","oom","pause","unpause","destroy","remove","cleanup","rename","update",)"
    R"("health_status","connect","disconnect"]})";

// Cuts what comes into lines.
class LineReader {
 public:
  template <class OnLine>
  void take(std::string_view piece, const OnLine& on_line) {
    for (size_t end = 0; (end = piece.find('\n')) != std::string_view::npos;) {
      keep(piece.substr(0, end));
      if (!too_long_) on_line(std::string_view(line_));
      line_.clear();
      too_long_ = false;
      piece.remove_prefix(end + 1);
    }
    keep(piece);
  }
  // The last one, which has not ended.
  const std::string& rest() const { return line_; }

 private:
  void keep(std::string_view piece) {
    too_long_ = too_long_ || line_.size() + piece.size() > kLongestEvent;
    if (too_long_)
      line_.clear();
    else
      line_ += piece;
  }

  std::string line_;
  bool too_long_ = false;
};

}  // namespace

DockerResult<Done> DockerClient::events(int64_t since_ns, int64_t until_ns,
                                        const std::function<void(DockerEvent)>& on_event) {
  const DockerResult<std::string> prefix = version_prefix();
  if (!prefix) return prefix.error();
  const auto instant = [](int64_t ns) {
    const std::string fraction = std::to_string(ns % 1'000'000'000);
    return std::to_string(ns / 1'000'000'000) + "." + std::string(9 - fraction.size(), '0') +
           fraction;
  };
  std::string path = *prefix + "/events?filters=" + url_encode(kEventFilter);
  if (since_ns > 0) path += "&since=" + instant(since_ns);
  if (until_ns > 0) path += "&until=" + instant(until_ns);
  HttpRequest stream = request("GET", path, until_ns > 0 ? kQuickTimeout : kStreamLife);
  LineReader lines;
  std::string error_body;  // an error answer comes through on_data too; it is short
  stream.on_data = [&on_event, &lines, &error_body](std::string_view piece) {
    lines.take(piece, [&](std::string_view line) {
      const Result<DockerEvent> event = parse_event(line);
      if (event && !event->action.empty())
        on_event(*event);
      else
        error_body = line;
    });
    return true;
  };
  const HttpResult end = http_.fetch(std::move(stream));
  if (!end) {
    forget_version();
    return failure_of("events", end.error());
  }
  if (end->status != 200) {
    forget_version();
    HttpResponse refusal;
    refusal.status = end->status;
    refusal.body = error_body.empty() ? lines.rest() : error_body;
    return failure_of_status("events", refusal);
  }
  if (until_ns > 0) return Done{};
  return DockerFailure{DockerFailureKind::closed, "Docker ended its stream of events"};
}

}  // namespace selfheal
