#include "remediator/view/page_shell.h"

#include <string_view>

#include "common/http/html_text.h"

namespace selfheal {
namespace {

std::string head(const PageShell& shell) {
  return "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
         "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
         "<meta name=\"referrer\" content=\"no-referrer\"><title>" +
         escape_html(shell.title) + "</title><link rel=\"stylesheet\" href=\"" + shell.top +
         "page.css\"><script src=\"" + shell.top + "page.js\" defer></script></head>\n";
}

std::string links(const PageShell& shell) {
  const std::string& top = shell.top;
  return "<header><h1><a href=\"" + (top.empty() ? "./" : top) +
         "\">selfheal-remediator</a></h1><nav><a href=\"" + top +
         escape_html(std::string_view(shell.metrics).substr(1)) + "\">Metrics</a><a href=\"" + top +
         "api/v1/incidents\">Incidents as JSON</a><a href=\"" + top +
         "api/v1/containers\">Containers as JSON</a><a href=\"" + top +
         "api/v1/openapi.json\">API</a><a href=\"" + top + "config\">Configuration</a><a href=\"" +
         top + "-/ready\">Ready?</a></nav><p id=\"link\" role=\"status\"></p></header>\n";
}

// The token stays in this tab: sessionStorage only, see page_script.h.
std::string token_field(const PageShell& shell, bool asked_for) {
  if (!shell.takes_token) return "";
  return std::string(
             "<form id=\"auth\" class=\"js\" hidden><label>Token <input type=\"password\" ") +
         "id=\"token\" autocomplete=\"off\" spellcheck=\"false\" placeholder=\"of "
         "--webhook.token-file\"></label><button>" +
         (asked_for ? "Show the page" : "Use") + "</button><output></output></form>\n";
}

std::string pause_form() {
  return "<form id=\"pause\" class=\"js\" hidden><label>Pause <select name=\"scope\"><option "
         "value=\"all\">everything</option><option value=\"host\">a host</option><option "
         "value=\"group\">a group</option><option value=\"container\">a container</option></select>"
         "</label><label class=\"host\">on host <input name=\"host\" size=\"12\"></label>"
         "<label class=\"name\">named <input name=\"name\" size=\"14\"></label>"
         "<label>for <input name=\"for\" size=\"6\" value=\"2h\" placeholder=\"until resumed\">"
         "</label><label>because <input name=\"reason\" size=\"20\" maxlength=\"300\"></label>"
         "<button>Pause</button><output></output></form>\n";
}

std::string controls(const PageShell& shell, bool asked_for) {
  return "<aside><h2>By hand</h2>\n<noscript><p class=\"dim\">Without JavaScript: reload to see "
         "what "
         "is new; pause, resume and reset by <code>selfheal-remediator pause</code> and the "
         "like.</p></noscript>\n" +
         token_field(shell, asked_for) + pause_form() + "</aside>\n";
}

const char* word_of(Reading reading) {
  switch (reading) {
    case Reading::everyone:
      return "everyone";
    case Reading::evidence_by_token:
      return "evidence";
    case Reading::by_token:
      return "token";
  }
  return "";
}

}  // namespace

std::string content_element(const PageShell& shell, const std::string& content) {
  return "<div id=\"content\" data-live=\"" + std::string(shell.live ? "1" : "0") + "\">\n" +
         content + "</div>\n";
}

std::string render(const PageShell& shell, const std::string& content) {
  const bool asked_for = content.empty();
  return head(shell) + "<body data-top=\"" + shell.top + "\" data-fragment=\"" +
         escape_html(shell.fragment) + "\" data-reading=\"" + word_of(shell.reading) + "\">\n" +
         links(shell) + "<main>" +
         content_element(shell,
                         asked_for ? "<p class=\"note\">Reading needs the token.</p>\n" : content) +
         "</main>\n" + controls(shell, asked_for) + "<footer>Version " +
         escape_html(shell.version) + "</footer>\n</body></html>\n";
}

}  // namespace selfheal
