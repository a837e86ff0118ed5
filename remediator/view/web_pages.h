// The pages for people: `/`, `/incidents/ID`, and what they are made of: /fragment (the content
// alone, for the script), /page.js, /page.css.
//
// Read from the journal anew for each request, in small looks, so that healing does not wait for
// them. A browser is told to load and run nothing but these two files, whatever got into a page.
// Safe from any thread.
#pragma once

#include <optional>
#include <string>

#include "common/http/http_server.h"
#include "remediator/config.h"
#include "remediator/journal/journal.h"
#include "remediator/view/page_shell.h"
#include "remediator/view/read_access.h"
#include "remediator/view/readiness.h"

namespace selfheal {

class WebPages {
 public:
  struct Options {
    std::string telemetry_path;  // "/": then there is no page at `/`
    bool takes_token = false;
  };

  WebPages(Journal& journal, const Readiness& readiness, const CurrentSettings& settings,
           const ReadAccess& reads, Options options, const Clock& clock);

  void add_to(HttpServer& server);

 private:
  // What a page shows, and how it is framed.
  struct Shown {
    PageShell shell;
    std::string content;
  };
  using Found = Result<Shown, ServerResponse>;

  PageShell shell(const std::string& title) const;
  Found overview() const;
  Found incident(const ServerRequest& request, const std::string& id) const;
  ServerResponse frame(const std::string& top, const std::string& fragment) const;
  ServerResponse home(const ServerRequest& request) const;
  ServerResponse incident_page(const ServerRequest& request) const;
  // /fragment, or /fragment?incident=ID
  ServerResponse fragment(const ServerRequest& request) const;

  Journal& journal_;
  const Readiness& readiness_;
  const CurrentSettings& settings_;
  const ReadAccess& reads_;
  const Options options_;
  const Clock& clock_;
};

}  // namespace selfheal
