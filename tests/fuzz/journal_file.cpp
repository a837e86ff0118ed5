// A journal's file as something has left it, opened and asked for everything.
#include <fstream>

#include <nlohmann/json.hpp>

#include "remediator/journal/journal.h"
#include "remediator/view/api_json.h"
#include "remediator/view/incident_page.h"
#include "remediator/view/overview.h"
#include "tests/fuzz/fuzzers.h"
#include "tests/fuzz/html_check.h"
#include "tests/fuzz/journal_sample.h"
#include "tests/fuzz/remediator_parts.h"
#include "tests/remediator/samples.h"

namespace selfheal::fuzz {
namespace {

constexpr int kMost = 50;

void expect_json(const std::string& text) {
  demand(nlohmann::json::accept(text), "JSON can be read");
}

void expect_html(const std::string& html) {
  const std::string foreign = foreign_html(html);
  demand(foreign.empty(), ("a page has nothing but our own HTML: " + foreign).c_str());
}

void show(const IncidentStory& story) {
  expect_json(incident_json(story.incident, story.decisions, story.outcomes, story.evidence, kNow));
  expect_html(render(story, kNow));
}

void read(JournalReader& reader, const Incident& incident) {
  show({incident, reader.decisions(incident.id), reader.outcomes(incident.id),
        reader.evidence(incident.id)});
  reader.surroundings(incident, kNow);
  reader.already_recovered("f1", incident.opened_at);
  lived_too_long(incident, kNow, IncidentSettings{});
  backoff_after(incident.attempts_used(), incident.opened_at, IncidentSettings{});
}

void overview(JournalReader& reader) {
  Overview all;
  all.now = kNow;
  all.open = reader.open_incidents();
  all.pauses = reader.pauses(kNow);
  const BreakerSettings settings = RemediatorSettings{}.breaker();
  for (const AttemptCount& count :
       reader.attempt_counts(kNow - kOverviewDay, kNow, settings.healthy_reset))
    if (breaker_of(count, settings, kNow) == Breaker::open) all.open_breakers.push_back(count);
  for (const Incident& incident : reader.incidents_alive_since(kNow - kOverviewDay, kMost))
    all.tracks.push_back(track_of(incident, reader.decisions(incident.id), kNow));
  expect_html(render(all));
  std::vector<ContainerView> containers;
  const std::vector<AttemptCount> counts =
      reader.attempt_counts(WallTime{}, kNow, settings.healthy_reset);
  for (const Incident& last : reader.last_incidents())
    for (const AttemptCount& count : counts)
      if (count.host == last.host && count.container == last.container)
        containers.push_back({last, count});
  expect_json(containers_json(containers, all.pauses, settings, kNow));
}

void read_all(JournalReader& reader) {
  IncidentFilter filter;
  filter.limit = kMost;
  const std::vector<Incident> incidents = reader.incidents(filter);
  expect_json(incidents_json(incidents, kNow));
  for (const Incident& incident : incidents) read(reader, incident);
  overview(reader);
  reader.queue(kMost);
  reader.attempts_under_way();
  reader.attempts_of_host("box", kNow - kOverviewDay);
  reader.untold_outcomes(kMost);
  reader.watchdog_last_seen();
}

void expect_done_or_told(const Outcome<JournalFault>& outcome) {
  if (!outcome) demand(!outcome.error().message.empty(), "a fault says what it is");
}

void change(JournalWriter& writer) {
  writer.tell_anew();
  writer.judge_paused_now(kNow);
  writer.reset("box", "web", kNow);
  writer.watchdog_seen(kNow);
}

// Whether it could be; else it says why not.
bool use(const Result<std::unique_ptr<Journal>>& journal, const Journal::Look& look) {
  if (!journal) {
    demand(!journal.error().message.empty(), "a fault says what it is");
    return false;
  }
  expect_done_or_told((*journal)->read(look));
  expect_done_or_told((*journal)->write(change));
  return true;
}

void open_both_ways(const std::string& file) {
  const bool was_read = use(Journal::open_read_only(file), read_all);
  // What an older one has is to be seen only now, when it has been brought up to date.
  const Journal::Look queue = [](JournalReader& reader) { reader.queue(kMost); };
  use(Journal::open(file), was_read ? queue : read_all);
}

}  // namespace

void journal_file(std::string_view input) {
  static const TempFolder folder(memory_folder());
  static const std::string file = folder.path("journal.db");
  be_quiet();
  for (const char* suffix : {"-wal", "-shm", "-journal"}) std::filesystem::remove(file + suffix);
  const std::string bytes = changed_journal(input);
  std::ofstream(file, std::ios::binary | std::ios::trunc)
      .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  open_both_ways(file);
}

}  // namespace selfheal::fuzz
