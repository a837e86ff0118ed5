#include "remediator/outcome/alertmanager_client.h"

#include "remediator/addresses.h"

namespace selfheal {

AlertmanagerClient::AlertmanagerClient(std::string url, Milliseconds timeout, const Clock& clock)
    : url_(std::move(url)),
      name_("Alertmanager at " + without_password(url_)),
      timeout_(timeout),
      http_(clock, "alertmanager") {}

Outcome<PostFault> AlertmanagerClient::post(const std::string& alerts) {
  using Kind = PostFault::Kind;
  HttpRequest request;
  request.method = "POST";
  request.url = url_ + "/api/v2/alerts";
  request.headers = {{"Content-Type", "application/json"}};
  request.body = alerts;
  request.timeout = request.connect_timeout = timeout_;
  const HttpResult answer = http_.fetch(std::move(request));
  if (!answer) return PostFault{Kind::away, name_ + ": " + answer.error().message};
  if (answer->status >= 200 && answer->status < 300) return Done{};
  return PostFault{
      answer->status == 400 ? Kind::refused : Kind::away,
      name_ + " answered " + std::to_string(answer->status) + ": " + answer->body.substr(0, 300)};
}

}  // namespace selfheal
