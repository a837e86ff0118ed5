// Instant queries to Prometheus. Blocking, safe from any thread. A failure is a value: no answer
// never counts as "nothing is wrong".
#pragma once

#include <atomic>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/http/blocking_http_client.h"
#include "remediator/act/promql.h"

namespace selfheal {

class PrometheusApi {
 public:
  virtual ~PrometheusApi() = default;
  virtual Result<std::vector<PromSample>> query(const std::string& promql) = 0;
  // By a deadline of the caller's own.
  virtual Result<std::vector<PromSample>> query_within(const std::string& promql,
                                                       Milliseconds timeout) = 0;
};

class PrometheusClient final : public PrometheusApi {
 public:
  // `url` as http://host:9090[/prefix]; `timeout` bounds each query. Messages show no password.
  PrometheusClient(std::string url, Milliseconds timeout, const Clock& clock);
  Result<std::vector<PromSample>> query(const std::string& promql) override;
  Result<std::vector<PromSample>> query_within(const std::string& promql,
                                               Milliseconds timeout) override;
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

}  // namespace selfheal
