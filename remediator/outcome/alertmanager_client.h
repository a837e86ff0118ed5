// Alerts to one Alertmanager. Blocking, with a deadline, safe from any thread. A failure is a
// value.
#pragma once

#include <string>

#include "common/base/result.h"
#include "common/http/blocking_http_client.h"

namespace selfheal {

struct PostFault {
  enum class Kind {
    away,     // no answer, or one that says "later": it won't take another alert now either
    refused,  // this alert is not to its liking
  };
  Kind kind;
  std::string message;  // for a person: which Alertmanager, and why
};

class AlertmanagerApi {
 public:
  virtual ~AlertmanagerApi() = default;
  // `alerts` is the body of POST /api/v2/alerts.
  virtual Outcome<PostFault> post(const std::string& alerts) = 0;
  // Ends a post that is under way, and all later ones, as a fault.
  virtual void shut_down() = 0;
};

class AlertmanagerClient final : public AlertmanagerApi {
 public:
  // `url` as http://host:9093[/prefix]; `timeout` bounds each post.
  AlertmanagerClient(std::string url, Milliseconds timeout, const Clock& clock);
  Outcome<PostFault> post(const std::string& alerts) override;
  void shut_down() override { http_.shut_down(); }

 private:
  const std::string url_;
  const std::string name_;  // the URL without its password
  const Milliseconds timeout_;
  BlockingHttpClient http_;
};

}  // namespace selfheal
