#include "bench/race/our_chain.h"

#include <charconv>
#include <string_view>

#include <nlohmann/json.hpp>

#include "bench/race/await.h"
#include "common/base/time_text.h"
#include "common/docker/docker_messages.h"

namespace selfheal::race {
namespace {

using Json = nlohmann::json;

constexpr int kThreshold = 3;  // as the pool's labels say
constexpr Milliseconds kGlanceTimeout{50};
constexpr Milliseconds kJournalPatience{5000};   // until the attempt is written down as carried out
constexpr Milliseconds kVerifyPatience{45'000};  // until the last incident is closed
constexpr Milliseconds kPause{20};
constexpr Milliseconds kLongPause{500};

// The value of the family's first series of the container, in the text of a scrape.
double value_of(std::string_view text, const std::string& family, const std::string& container) {
  const std::string label = "container=\"" + container + "\"";
  for (size_t at = text.find('\n' + family + '{'); at != std::string_view::npos;
       at = text.find('\n' + family + '{', at + 1)) {
    const std::string_view line = text.substr(at + 1, text.find('\n', at + 1) - at - 1);
    if (line.find(label) == std::string_view::npos) continue;
    const std::string_view number = line.substr(line.rfind(' ') + 1);
    double value = 0;
    std::from_chars(number.data(), number.data() + number.size(), value);
    return value;
  }
  return 0;
}

// The instant at `key`; nothing while it is null or missing.
std::optional<WallTime> instant(const Json& object, const char* key) {
  const auto entry = object.find(key);
  if (entry == object.end() || !entry->is_string()) return std::nullopt;
  return parse_rfc3339(entry->get<std::string>());
}

bool is_carried_out(const Json& incident) {
  const auto attempts = incident.find("attempts");
  return attempts != incident.end() && !attempts->empty() &&
         instant(attempts->front(), "acted_at").has_value();
}

}  // namespace

OurChain::OurChain(const ChainAddresses& addresses, BlockingHttpClient& http, const Clock& clock)
    : addresses_(addresses), http_(http), clock_(clock), prometheus_(http, addresses.prometheus) {}

void OurChain::begin(const std::string& container, WallTime broken_at) {
  container_ = container;
  broken_at_ = broken_at;
  threshold_at_.reset();
}

void OurChain::glance() {
  if (threshold_at_) return;
  HttpRequest scrape;
  scrape.url = addresses_.exporter + "/metrics";
  scrape.timeout = kGlanceTimeout;
  const HttpResult answer = http_.fetch(scrape);
  if (!answer) return;
  if (value_of(answer->body, "selfheal_probe_consecutive_failures", container_) >= kThreshold)
    threshold_at_ = clock_.wall_now();
}

Outcome<> OurChain::tell(Marks& marks) {
  if (threshold_at_) marks[Mark::threshold] = ms_since(broken_at_, *threshold_at_);
  if (const auto alert = tell_of_alert(marks); !alert) return alert;
  try {
    return tell_of_incident(marks);
  } catch (const Json::exception& fault) {
    return Error{std::string("the remediator's incident can't be read: ") + fault.what()};
  }
}

Outcome<> OurChain::tell_of_alert(Marks& marks) {
  const std::string labels = "container=\"" + container_ + "\"";
  const WallTime now = clock_.wall_now();
  const auto first = [&](const std::string& selector, double at_least) {
    return prometheus_.first(selector, broken_at_, now,
                             [at_least](const Sample& sample) { return sample.value >= at_least; });
  };
  const auto failing = first("selfheal_probe_failing_since_timestamp_seconds{" + labels + "}", 1);
  if (!failing) return failing.error();
  const auto scraped = first("selfheal_probe_consecutive_failures{" + labels + "}", kThreshold);
  if (!scraped) return scraped.error();
  const auto alert = first("ALERTS{alertstate=\"firing\",remediation!=\"\"," + labels + "}", 1);
  if (!alert) return alert.error();
  marks[Mark::first_failed_probe] = failing->value * 1000 - to_unix_seconds(broken_at_) * 1000;
  marks[Mark::scraped] = ms_since(broken_at_, scraped->at);
  marks[Mark::alert_firing] = ms_since(broken_at_, alert->at);
  return Done{};
}

Outcome<> OurChain::tell_of_incident(Marks& marks) {
  Result<Json> found = Error{};
  await(clock_, clock_.steady_now() + kJournalPatience, kPause, [&] {
    found = incident();
    return found && is_carried_out(*found);
  });
  if (!found) return found.error();
  if (!is_carried_out(*found)) return Error{"the remediator has not restarted " + container_};
  const Json& attempt = found->at("attempts").front();
  const auto mark = [&](Mark which, std::optional<WallTime> at) {
    if (at) marks[which] = ms_since(broken_at_, *at);
  };
  for (const Json& alert : found->value("alerts", Json::array()))
    if (!marks.contains(Mark::webhook_accepted))
      mark(Mark::webhook_accepted, instant(alert, "received_at"));
  mark(Mark::restart_issued, instant(attempt, "requested_at"));
  mark(Mark::restart_done, instant(attempt, "acted_at"));
  const auto issued = marks.find(Mark::restart_issued);
  if (issued == marks.end() || issued->second < 0)
    return Error{"the remediator's last restart of " + container_ + " is older"};
  return Done{};
}

Result<Json> OurChain::get(const std::string& url) {
  HttpRequest request;
  request.url = addresses_.remediator + url;
  const HttpResult answer = http_.fetch(request);
  if (!answer) return Error{request.url + ": " + answer.error().message};
  Json json = Json::parse(answer->body, nullptr, false);
  if (answer->status != 200 || json.is_discarded())
    return Error{request.url + " answered " + std::to_string(answer->status) + ": " + answer->body};
  return json;
}

Result<Json> OurChain::incident() {
  const auto list = get("/api/v1/incidents?limit=1&container=" + url_encode(container_));
  if (!list) return list.error();
  const Json& incidents = list->at("incidents");
  if (incidents.empty()) return Error{"the remediator has no incident of " + container_};
  const Json& id = incidents.front().at("id");
  return get("/api/v1/incidents/" + (id.is_string() ? id.get<std::string>() : id.dump()));
}

std::optional<int> OurChain::recovered() {
  int recovered = 0;
  await(clock_, clock_.steady_now() + kVerifyPatience, kLongPause, [&] {
    const auto list = get("/api/v1/incidents?limit=1000");
    if (!list || !list->contains("incidents")) return false;
    bool all_closed = true;
    recovered = 0;
    for (const Json& incident : (*list)["incidents"]) {
      all_closed = all_closed && instant(incident, "closed_at").has_value();
      if (incident.value("outcome", Json()) == "recovered") ++recovered;
    }
    return all_closed;
  });
  return recovered;
}

}  // namespace selfheal::race
