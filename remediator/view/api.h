// /api/v1 beside the webhook: what people and scripts ask, and what they say: pauses and resets.
//
// Whoever may read and who may speak is decided before (the web users, the token); here only what
// they said is checked. A body has to come as JSON: a form on some web page can't send that, so
// nobody's browser is made to speak for them. Safe from any thread.
#pragma once

#include <functional>
#include <vector>

#include "common/http/http_server.h"
#include "remediator/act/docker_hosts.h"
#include "remediator/act/named_targets.h"
#include "remediator/config.h"
#include "remediator/journal/journal.h"
#include "remediator/view/read_access.h"

namespace selfheal {

class Api {
 public:
  // `wake` gets the incidents that are to be judged anew.
  using Wake = std::function<void(const std::vector<int64_t>& incident_ids)>;

  Api(Journal& journal, const DockerHosts& hosts, const CurrentSettings& settings,
      const ReadAccess& reads, const Clock& clock, Wake wake, TokenGate& tokens);

  void add_to(HttpServer& server, Access of_posts);

 private:
  ServerResponse list_incidents(const ServerRequest& request);
  ServerResponse show_incident(const ServerRequest& request);
  ServerResponse list_containers();
  ServerResponse pause(ServerRequest& request);
  ServerResponse resume(ServerRequest& request);
  // POST /api/v1/containers/{host}/{name}/reset
  ServerResponse reset(ServerRequest& request);

  // Whether that is none of the hosts here, as far as their names are known.
  std::optional<ServerResponse> refuse_host(const std::string& host) const;

  Journal& journal_;
  const DockerHosts& hosts_;
  const NamedTargets targets_;
  const CurrentSettings& settings_;
  const ReadAccess& reads_;
  const Clock& clock_;
  const Wake wake_;
  TokenGate& tokens_;
};

}  // namespace selfheal
