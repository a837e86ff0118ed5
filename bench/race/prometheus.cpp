#include "bench/race/prometheus.h"

#include <algorithm>
#include <cmath>

#include <nlohmann/json.hpp>

#include "common/docker/docker_messages.h"

namespace selfheal::race {
namespace {

WallTime wall_time_of(double unix_seconds) {
  return WallTime(
      std::chrono::duration_cast<WallTime::duration>(std::chrono::duration<double>(unix_seconds)));
}

std::vector<Sample> read_matrix(const nlohmann::json& answer) {
  std::vector<Sample> samples;
  for (const auto& series : answer.at("data").at("result"))
    for (const auto& point : series.at("values"))
      samples.push_back(
          {wall_time_of(point.at(0).get<double>()), std::stod(point.at(1).get<std::string>())});
  std::sort(samples.begin(), samples.end(),
            [](const Sample& a, const Sample& b) { return a.at < b.at; });
  return samples;
}

}  // namespace

Result<std::vector<Sample>> Prometheus::samples(const std::string& selector, WallTime since,
                                                WallTime now) {
  const double range_ms = std::ceil((to_unix_seconds(now) - to_unix_seconds(since)) * 1000);
  const std::string query = selector + "[" + std::to_string(std::llround(range_ms)) + "ms]";
  HttpRequest request;
  request.url = url_ + "/api/v1/query?query=" + url_encode(query) +
                "&time=" + std::to_string(to_unix_seconds(now));
  const HttpResult answer = http_.fetch(request);
  if (!answer) return Error{"Prometheus: " + answer.error().message};
  try {
    return read_matrix(nlohmann::json::parse(answer->body));
  } catch (const std::exception& fault) {
    return Error{"Prometheus answered " + query + " with " + answer->body + " (" + fault.what() +
                 ")"};
  }
}

Result<Sample> Prometheus::first(const std::string& selector, WallTime since, WallTime now,
                                 const std::function<bool(const Sample&)>& wanted) {
  const auto found = samples(selector, since, now);
  if (!found) return found.error();
  for (const Sample& sample : *found)
    if (wanted(sample)) return sample;
  return Error{"Prometheus has no such sample of " + selector};
}

}  // namespace selfheal::race
