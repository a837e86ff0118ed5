#include "tests/support/fake_engine.h"

#include <algorithm>

namespace selfheal {
namespace {

std::string fault(const std::string& message) {
  return "{\"message\":\"" + message + "\"}\n";
}

}  // namespace

FakeEngine::FakeEngine(std::string oldest_version, std::string newest_version)
    : oldest_(std::move(oldest_version)), newest_(std::move(newest_version)) {
  server_ = std::make_unique<StubServer>([this](StubConnection& c) { serve(c); }, socket_path());
}

void FakeEngine::answer(const std::string& method_and_path, Reply reply) {
  answer_by(method_and_path, [reply = std::move(reply)](const HttpText&) { return reply; });
}

void FakeEngine::answer_by(const std::string& method_and_path, Answer answer) {
  const std::lock_guard lock(mutex_);
  answers_[method_and_path] = std::move(answer);
}

void FakeEngine::set_versions(std::string oldest, std::string newest) {
  const std::lock_guard lock(mutex_);
  oldest_ = std::move(oldest);
  newest_ = std::move(newest);
}

std::vector<std::string> FakeEngine::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

int FakeEngine::count(const std::string& part_of_request) const {
  const std::vector<std::string> all = requests();
  return static_cast<int>(std::count_if(all.begin(), all.end(), [&](const std::string& request) {
    return request.find(part_of_request) != std::string::npos;
  }));
}

HttpText FakeEngine::last() const {
  const std::lock_guard lock(mutex_);
  return last_;
}

void FakeEngine::serve(StubConnection& connection) {
  while (const auto request = connection.read_request()) {
    const Reply reply = reply_to(*request);
    connection.send(reply.bytes);
    if (reply.then == Then::close) return;
  }
}

FakeEngine::Reply FakeEngine::reply_to(const HttpText& request) {
  const std::lock_guard lock(mutex_);
  requests_.push_back(request.method() + " " + request.target());
  last_ = request;
  std::string path = request.target().substr(0, request.target().find('?'));
  if (path == "/_ping") return {http_response(200, "OK", "Api-Version: " + newest_ + "\r\n")};
  if (path.rfind("/v", 0) == 0) {
    const size_t slash = path.find('/', 1);
    const std::string version = path.substr(2, slash - 2);
    path.erase(0, slash);
    if (version != newest_ && older_api_version(version, newest_) == newest_)
      return {
          http_response(400, fault("client version " + version +
                                   " is too new. Maximum supported API version is " + newest_))};
    if (version != oldest_ && older_api_version(version, oldest_) == version)
      return {
          http_response(400, fault("client version " + version +
                                   " is too old. Minimum supported API version is " + oldest_))};
  }
  const auto answer = answers_.find(request.method() + " " + path);
  return answer != answers_.end() ? answer->second(request)
                                  : Reply{http_response(404, fault("no such page"))};
}

}  // namespace selfheal
