// Requests to the API, the pages and the webhook. Beside them "SEEN", which no server takes: its
// body is what Docker and others have said of an incident, as an attempt would have it kept.
#include <nlohmann/json.hpp>

#include "tests/fuzz/fuzzers.h"
#include "tests/fuzz/html_check.h"
#include "tests/fuzz/remediator_parts.h"
#include "tests/fuzz/text_request.h"

namespace selfheal::fuzz {
namespace {

constexpr size_t kLongestPage = 16 << 20;

bool is_sane(int status) {
  for (const int known : {200, 400, 401, 404, 405, 408, 411, 413, 415, 429, 503})
    if (status == known) return true;
  return false;
}

void expect_fine(const ServerResponse& answer) {
  demand(is_sane(answer.status), "a status that the API has");
  demand(answer.body.size() < kLongestPage, "an answer is bounded");
  for (const auto& [name, value] : answer.headers)
    demand(value.find_first_of("\r\n") == std::string::npos, "a header is one line");
  if (answer.content_type == "application/json")
    demand(nlohmann::json::accept(answer.body), "JSON can be read");
  if (answer.content_type.starts_with("text/html")) {
    const std::string foreign = foreign_html(answer.body);
    demand(foreign.empty(), ("a page has nothing but our own HTML: " + foreign).c_str());
  }
}

// What an attempt on the last incident would leave in the journal.
void keep(RemediatorParts& parts, const std::string& said) {
  const WallTime now = parts.clock.wall_now();
  const auto written = parts.journal->write([&](JournalWriter& writer) {
    IncidentFilter last;
    last.limit = 1;
    auto all = writer.incidents(last);
    if (all.empty()) return;
    Incident& incident = all.front();
    incident.detail = said;
    Attempt attempt;
    attempt.number = 1;
    attempt.action = attempt.container_id = attempt.detail = said;
    attempt.requested_at = now;
    attempt.acted_at = attempt.started_after = attempt.ended_at = now;
    attempt.result = AttemptResult::not_healthy;
    incident.attempts = {attempt};
    writer.save(incident);
    writer.add_decision(incident.id, {now, "act", "due", said, said});
    writer.add_evidence(incident.id, {1, now, said});
  });
  demand(written.ok(), "what was seen is written down");
}

void ask(RemediatorParts& parts, TextRequest& request) {
  if (request.method() == "SEEN") return keep(parts, request.body());
  const bool has_token = BearerToken("secret").accepts(request.header("Authorization"));
  const int64_t before = parts.journal_version();
  const ServerResponse answer = parts.answer(request);
  expect_fine(answer);
  if (!has_token || request.method() != "POST" || answer.status != 200)
    demand(parts.journal_version() == before, "without the token, and by a look, nothing changes");
}

// The pages that show most, whatever else the input asks for.
void look_at_pages(RemediatorParts& parts) {
  for (const char* page : {"GET /", "GET /incidents/1"}) {
    TextRequest request(std::string(page) + "\nAuthorization: Bearer secret\n");
    expect_fine(parts.answer(request));
  }
}

}  // namespace

void remediator_api(std::string_view input) {
  static RemediatorParts parts;
  // Wrong tokens are forgotten by then: else nobody would get in any more.
  static_assert(kMostRequests < LoginLimit::kBurst);
  parts.clock.advance(std::chrono::minutes(1));
  const int64_t before = parts.journal_version();
  for (TextRequest& request : requests_of(input)) ask(parts, request);
  if (parts.journal_version() == before) return;
  look_at_pages(parts);
  parts.forget();
}

}  // namespace selfheal::fuzz
