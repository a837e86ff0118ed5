#include "bench/race/sample_app.h"

namespace selfheal::race {
namespace {

constexpr const char* kPort = "8080";
constexpr Milliseconds kBreakTimeout{2000};
constexpr Milliseconds kHealthTimeout{100};

}  // namespace

SampleApp::SampleApp(BlockingHttpClient& http, const std::string& address)
    : http_(http), base_url_("http://" + address + ":" + kPort) {}

Outcome<> SampleApp::break_in(Mode mode) {
  HttpRequest request;
  request.method = "POST";
  request.url = base_url_ + "/break?mode=" + std::string(to_string(mode));
  request.timeout = kBreakTimeout;
  request.connection = HttpConnection::fresh;
  const HttpResult answer = http_.fetch(request);
  if (!answer) return Error{request.url + ": " + answer.error().message};
  if (answer->status != 200)
    return Error{request.url + " answered " + std::to_string(answer->status)};
  return Done{};
}

bool SampleApp::is_healthy() {
  HttpRequest request;
  request.url = base_url_ + "/health";
  request.timeout = kHealthTimeout;
  request.connection = HttpConnection::fresh;
  const HttpResult answer = http_.fetch(request);
  return answer && answer->status == 200;
}

}  // namespace selfheal::race
