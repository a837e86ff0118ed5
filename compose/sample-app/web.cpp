#include "compose/sample-app/web.h"

#include <array>
#include <cstdio>
#include <stdexcept>
#include <string_view>

#include <civetweb.h>

namespace sample_app {
namespace {

// Short: what needs another one fails fast when that hangs.
constexpr std::chrono::milliseconds kUpstreamPatience{250};

constexpr const char* kPaths[] = {"/", "/health", "/metrics", "/break", "/fix"};

// What becomes a label must not be what anybody types.
std::string handler_label(std::string_view path) {
  for (std::string_view known : kPaths) {
    if (path == known) return std::string(path);
  }
  return "other";
}

Parameter query_of(const mg_request_info& request) {
  const std::string_view query = request.query_string ? request.query_string : "";
  return [query](const char* name) -> std::optional<std::string> {
    std::array<char, 64> value{};
    const int length = mg_get_var(query.data(), query.size(), name, value.data(), value.size());
    if (length == -1) return std::nullopt;
    return std::string(value.data());  // too long: empty, which nobody accepts
  };
}

void send(mg_connection* connection, const Answer& answer) {
  mg_printf(connection,
            "HTTP/1.1 %d %s\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\n"
            "Content-Length: %zu\r\nConnection: close\r\n\r\n",
            answer.status, mg_get_response_code_text(connection, answer.status),
            answer.body.size());
  mg_write(connection, answer.body.data(), answer.body.size());
}

}  // namespace

void Web::Stop::operator()(mg_context* context) const {
  mg_stop(context);
}

Web::Web(App& app, AppMetrics& metrics, std::function<void()> crash, std::optional<Peer> upstream,
         uint16_t port)
    : app_(app), metrics_(metrics), crash_(std::move(crash)), upstream_(std::move(upstream)) {
  const std::string listen = std::to_string(port);
  const std::string threads = std::to_string(kServerThreads);
  // No keep-alive: an idle connection would hold a thread.
  const char* options[] = {"listening_ports",
                           listen.c_str(),
                           "num_threads",
                           threads.c_str(),
                           "request_timeout_ms",
                           "5000",
                           "enable_keep_alive",
                           "no",
                           "listen_backlog",
                           "1024",
                           "access_control_allow_origin",
                           "",
                           nullptr};
  mg_init_library(0);
  mg_callbacks callbacks{};
  callbacks.begin_request = &Web::handle;  // in place before the first request can come
  server_.reset(mg_start(&callbacks, this, options));
  if (!server_) throw std::runtime_error("can't listen on port " + listen);
  mg_server_port bound{};
  if (mg_get_server_ports(server_.get(), 1, &bound) == 1) port_ = static_cast<uint16_t>(bound.port);
}

int Web::handle(mg_connection* connection) {
  const mg_request_info& request = *mg_get_request_info(connection);
  Web& web = *static_cast<Web*>(request.user_data);
  const auto start = std::chrono::steady_clock::now();
  const std::string path = request.local_uri;
  const std::optional<Answer> answer = web.dispatch(connection, path);
  if (answer) send(connection, *answer);
  web.metrics_.count_request(handler_label(path),
                             answer ? std::to_string(answer->status) : "unanswered",
                             std::chrono::steady_clock::now() - start);
  if (path == "/break" && web.app_.mode() == FailureMode::crash) web.crash_();
  return answer ? answer->status : 499;  // for civetweb's log only: the request has been dealt with
}

std::optional<Answer> Web::dispatch(mg_connection* connection, const std::string& path) {
  const bool is_post = std::string_view(mg_get_request_info(connection)->request_method) == "POST";
  if (path == "/") return serve(Endpoint::root);
  if (path == "/health") return serve(Endpoint::health);
  if (path == "/metrics") return Answer{200, metrics_.render(app_)};
  if (path == "/break") return is_post ? break_app(connection) : only_post();
  if (path == "/fix") return is_post ? fix_app() : only_post();
  return Answer{404, "there is /, /health, /metrics, /break and /fix\n"};
}

std::optional<Answer> Web::serve(Endpoint endpoint) {
  std::optional<Answer> answer = app_.answer(endpoint);
  if (!answer || answer->status != 200 || !upstream_ || is_healthy(*upstream_, kUpstreamPatience))
    return answer;
  return Answer{503, "upstream " + upstream_->host + ":" + upstream_->port + " is not healthy\n"};
}

Answer Web::only_post() const {
  return {405, "use POST\n"};
}

Answer Web::break_app(mg_connection* connection) {
  const auto parsed = parse_failure(query_of(*mg_get_request_info(connection)));
  if (const auto* bad = std::get_if<BadRequest>(&parsed)) return {400, bad->message + "\n"};
  const Failure& failure = std::get<Failure>(parsed);
  app_.break_with(failure);
  std::printf("broken: %s\n", std::string(name_of(failure.mode)).c_str());
  return {200, "broken: " + std::string(name_of(failure.mode)) + "\n"};
}

Answer Web::fix_app() {
  app_.fix();
  std::printf("fixed\n");
  return {200, "fixed\n"};
}

}  // namespace sample_app
