#include "tests/fuzz/journal_sample.h"

#include <algorithm>
#include <fstream>
#include <sstream>

#include "remediator/journal/journal.h"
#include "tests/fuzz/fuzzers.h"
#include "tests/fuzz/remediator_parts.h"
#include "tests/remediator/samples.h"

namespace selfheal::fuzz {
namespace {

constexpr size_t kPageBytes = 4096;
constexpr size_t kLongestChange = 16;

unsigned byte_of(char c) {
  return static_cast<unsigned char>(c);
}

Incident healed() {
  Incident incident = waiting_incident();
  const IncidentSettings settings;
  const auto step = [&](const IncidentEvent& event, int second) {
    demand(apply(incident, event, kNow + std::chrono::seconds(second), settings), "it fits");
  };
  step(attempt_on(), 1);
  step(Acted{kNow + std::chrono::seconds(2)}, 3);
  step(SeenHealthy{}, 4);
  step(Verified{}, 14);
  return incident;
}

void fill(JournalWriter& writer) {
  Incident first = healed();
  writer.save(first);
  writer.add_decision(first.id, {kNow, "act", "due", "", to_json(good_facts())});
  writer.add_evidence(first.id, {1, kNow, R"({"logs": {"lines": ["serving", "<b>"]}})"});
  OutcomeMessage message;
  message.incident = first.id;
  message.attempt = 1;
  message.happened_at = kNow;
  writer.add_outcome(message);
  Incident second = waiting_incident();
  writer.save(second);
  writer.begin_pause({{PauseScope::host, "box", ""}, "moving", kNow, std::nullopt});
  writer.reset("box", "web", kNow);
  writer.watchdog_seen(kNow);
}

std::string make() {
  const TempFolder folder(memory_folder());
  const std::string file = folder.path("journal.db");
  {
    const auto journal = Journal::open(file);
    demand(journal.ok(), journal ? "" : journal.error().message.c_str());
    demand((*journal)->write(fill).ok(), "the sample is written");
  }
  std::stringstream bytes;
  bytes << std::ifstream(file, std::ios::binary).rdbuf();
  return std::move(bytes).str();
}

// One change from the front of `changes`; false: there is none.
bool change(std::string& file, std::string_view& changes) {
  if (changes.size() < 4) return false;
  const size_t page = byte_of(changes[0]) % std::max<size_t>(1, file.size() / kPageBytes);
  const size_t within = (byte_of(changes[1]) << 8 | byte_of(changes[2])) % kPageBytes;
  const size_t length = byte_of(changes[3]) % (kLongestChange + 1);
  changes.remove_prefix(4);
  const size_t at = page * kPageBytes + within;
  if (length == 0) file.resize(std::min(file.size(), at));
  const std::string_view bytes = changes.substr(0, length);
  changes.remove_prefix(bytes.size());
  if (at < file.size()) bytes.copy(file.data() + at, std::min(bytes.size(), file.size() - at));
  return true;
}

}  // namespace

const std::string& journal_sample() {
  static const std::string sample = make();
  return sample;
}

std::string changed_journal(std::string_view input) {
  if (input.empty()) return "";
  const bool whole = byte_of(input.front()) % 2 == 0;
  input.remove_prefix(1);
  if (whole) return std::string(input);
  std::string file = journal_sample();
  while (change(file, input)) {
  }
  return file;
}

}  // namespace selfheal::fuzz
