#include "remediator/act/prometheus_client.h"

#include <cstdlib>

#include <nlohmann/json.hpp>

#include "common/docker/docker_messages.h"
#include "remediator/addresses.h"

namespace selfheal {
namespace {

using Json = nlohmann::json;

PromSample read_sample(const Json& series) {
  PromSample sample;
  for (const auto& [name, value] : series.at("metric").items())
    sample.labels[name] = value.get<std::string>();
  sample.value =
      std::strtod(series.at("value").at(1).get_ref<const std::string&>().c_str(), nullptr);
  return sample;
}

}  // namespace

PrometheusClient::PrometheusClient(std::string url, Milliseconds timeout, const Clock& clock)
    : url_(std::move(url)),
      name_("Prometheus at " + without_password(url_)),
      timeout_(timeout),
      http_(clock, "prometheus") {}

Result<std::vector<PromSample>> PrometheusClient::query(const std::string& promql) {
  return query_within(promql, timeout_);
}

Result<std::vector<PromSample>> PrometheusClient::query_within(const std::string& promql,
                                                               Milliseconds timeout) {
  HttpRequest request;
  request.method = "POST";
  request.url = url_ + "/api/v1/query";
  request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}};
  request.body = "query=" + url_encode(promql);
  request.timeout = request.connect_timeout = timeout;
  const HttpResult answer = http_.fetch(std::move(request));
  if (!answer) return Error{name_ + ": " + answer.error().message};
  if (answer->status != 200)
    return Error{name_ + " answered " + std::to_string(answer->status) + ": " +
                 answer->body.substr(0, 300)};
  return parse_query_answer(answer->body);
}

Result<std::vector<PromSample>> parse_query_answer(std::string_view json) {
  try {
    const Json answer = Json::parse(json);
    if (answer.at("status") == "error")
      return Error{"Prometheus' answer is an error: " +
                   answer.value("error", "it does not say which")};
    const Json& data = answer.at("data");
    if (answer.at("status") != "success" || data.at("resultType") != "vector")
      return Error{"Prometheus' answer is no vector"};
    std::vector<PromSample> samples;
    for (const Json& series : data.at("result")) samples.push_back(read_sample(series));
    return samples;
  } catch (const Json::exception& fault) {
    return Error{std::string("Prometheus' answer can't be read: ") + fault.what()};
  }
}

}  // namespace selfheal
