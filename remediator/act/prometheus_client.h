// Instant queries to Prometheus. Blocking, safe from any thread. A failure is a value: no answer
// never counts as "nothing is wrong".
#pragma once

#include <atomic>
#include <map>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/http/blocking_http_client.h"

namespace selfheal {

struct PromSample {
  std::map<std::string, std::string> labels;
  double value = 0;
};

class PrometheusApi {
 public:
  virtual ~PrometheusApi() = default;
  virtual Result<std::vector<PromSample>> query(const std::string& promql) = 0;
};

class PrometheusClient final : public PrometheusApi {
 public:
  // `url` as http://host:9090[/prefix]; `timeout` bounds each query. Messages show no password.
  PrometheusClient(std::string url, Milliseconds timeout, const Clock& clock);
  Result<std::vector<PromSample>> query(const std::string& promql) override;
  // Of the queries from now on.
  void set_timeout(Milliseconds timeout) { timeout_ = timeout; }
  void shut_down() { http_.shut_down(); }

 private:
  const std::string url_;
  const std::string name_;  // the URL without its password
  std::atomic<Milliseconds> timeout_;
  BlockingHttpClient http_;
};

// [pure] The vector in /api/v1/query's answer.
Result<std::vector<PromSample>> parse_query_answer(std::string_view json);

// [pure] {host="…",container="…"} with the values escaped, and `more` matchers before them.
std::string container_selector(const std::string& host, const std::string& container,
                               const std::string& more = "");

}  // namespace selfheal
