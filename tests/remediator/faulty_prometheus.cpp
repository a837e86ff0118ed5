#include "tests/remediator/faulty_prometheus.h"

#include <algorithm>
#include <optional>

#include <poll.h>

namespace selfheal {
namespace {

std::string vector_of(const std::string& series) {
  return http_response(
      200, R"({"status":"success","data":{"resultType":"vector","result":[)" + series + "]}}");
}

bool asks(const std::string& query, const char* part) {
  return query.find(part) != std::string::npos;
}

// The value of the label `container` in an encoded query.
std::string container_in(const std::string& query) {
  constexpr std::string_view kBefore = "container%3D%22";
  const size_t begin = query.find(kBefore) + kBefore.size();
  return query.substr(begin, query.find("%22", begin) - begin);
}

}  // namespace

const char* FaultyPrometheus::name_of(How how) {
  switch (how) {
    case How::down:
      return "down";
    case How::silent:
      return "silent";
    case How::dripping:
      return "dripping";
    case How::unavailable:
      return "unavailable";
    case How::login_page:
      return "login_page";
    case How::cut_short:
      return "cut_short";
    case How::error_status:
      return "error_status";
    case How::wrong_type:
      return "wrong_type";
    case How::wrong_shape:
      return "wrong_shape";
    case How::other_series:
      return "other_series";
    case How::empty:
      return "empty";
  }
  return "";
}

void FaultyPrometheus::fault(const std::string& container, Asked asked, How how) {
  const std::lock_guard lock(mutex_);
  containers_[container].faults[asked] = how;
}

void FaultyPrometheus::mend(const std::string& container) {
  const std::lock_guard lock(mutex_);
  containers_[container].faults.clear();
}

void FaultyPrometheus::set_healthy(const std::string& container) {
  const std::lock_guard lock(mutex_);
  containers_[container].healthy = true;
}

int FaultyPrometheus::asked(const std::string& container, Asked what) const {
  const std::lock_guard lock(mutex_);
  const auto known = containers_.find(container);
  if (known == containers_.end()) return 0;
  const auto count = known->second.asked.find(what);
  return count == known->second.asked.end() ? 0 : count->second;
}

int FaultyPrometheus::busiest_second(const std::string& container) const {
  const std::lock_guard lock(mutex_);
  const auto known = containers_.find(container);
  if (known == containers_.end()) return 0;
  const std::vector<SteadyTime>& times = known->second.times;
  std::ptrdiff_t most = 0;
  for (auto first = times.begin(); first != times.end(); ++first) {
    const auto end = std::upper_bound(first, times.end(), *first + std::chrono::seconds(1));
    most = std::max(most, end - first);
  }
  return static_cast<int>(most);
}

void FaultyPrometheus::serve(StubConnection& connection) {
  while (const auto request = connection.read_request()) {
    std::optional<How> how;
    const std::string answered = answer(request->body, how);
    if (how ? !send_fault(connection, *how) : !connection.send(answered)) return;
  }
}

std::string FaultyPrometheus::answer(const std::string& query, std::optional<How>& how) {
  const Asked what = asks(query, "selfheal%3Ahold") ? Asked::policy : Asked::health;
  const std::lock_guard lock(mutex_);
  Container& container = containers_[container_in(query)];
  ++container.asked[what];
  container.times.push_back(std::chrono::steady_clock::now());
  if (const auto fault = container.faults.find(what); fault != container.faults.end()) {
    how = fault->second;
    return "";
  }
  if (what == Asked::policy)
    return vector_of(
        container.healthy ? "" : R"({"metric":{"__name__":"ALERTS"},"value":[1769860800,"1"]})");
  const bool whether_watched = asks(query, "unless%20count");
  return vector_of(
      container.healthy && !whether_watched ? R"({"metric":{},"value":[1769860800,"2"]})" : "");
}

bool FaultyPrometheus::send_fault(StubConnection& connection, How how) {
  const auto page = [&](const std::string& body) {
    return connection.send(http_response(200, body));
  };
  switch (how) {
    case How::down:
      connection.reset();
      return false;
    case How::silent:
      connection.wait_until_closed();
      return false;
    case How::dripping: {
      connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n{");
      pollfd gone{connection.fd().get(), POLLIN, 0};
      while (poll(&gone, 1, 20) == 0 && connection.send(" ")) {
      }
      return false;
    }
    case How::unavailable:
      return connection.send(http_response(503, "starting up"));
    case How::login_page:
      return page("<html>who are you?</html>");
    case How::cut_short:
      connection.send("HTTP/1.1 200 OK\r\nContent-Length: 4000\r\n\r\n{\"status\":\"succ");
      return false;
    case How::error_status:
      return page(R"({"status":"error","errorType":"execution","error":"query timed out"})");
    case How::wrong_type:
      return page(R"({"status":"success","data":{"resultType":"matrix","result":[]}})");
    case How::wrong_shape:
      return page(
          R"({"status":"success","data":{"resultType":"vector","result":[{"metric":{}},7]}})");
    case How::other_series:
      return page(R"({"status":"success","data":{"resultType":"vector","result":[{"metric":)"
                  R"({"__name__":"up"},"value":[1769860800,"0"]}]}})");
    case How::empty:
      return page(R"({"status":"success","data":{"resultType":"vector","result":[]}})");
  }
  return false;
}

}  // namespace selfheal
