// What stands around a page's content: head, links, the field for the token, the form for a pause.
// [pure]
//
// The content is replaced by the script while the page is open; the shell never is, so that nothing
// is lost that a person is typing.
#pragma once

#include <string>

namespace selfheal {

// Who may read, as far as the page has to care.
enum class Reading { everyone, evidence_by_token, by_token };

struct PageShell {
  std::string title;
  std::string top;           // "" or "../": see html_parts.h
  std::string fragment;      // what the script asks for anew, below top; empty: nothing
  bool live = false;         // something is going on: it asks more often
  bool takes_token = false;  // POSTs need one
  Reading reading = Reading::everyone;
  std::string metrics;  // --web.telemetry-path, which begins with a slash
  std::string version;
};

// `content` is HTML; empty where the reader is still to give the token.
std::string render(const PageShell& shell, const std::string& content);

// What GET /fragment answers, and what the shell wraps: the content with what the script has to
// know of it.
std::string content_element(const PageShell& shell, const std::string& content);

}  // namespace selfheal
