// What an attempt does, and when it counts as one that worked.
#include "common/base/text_list.h"
#include "common/base/time_text.h"
#include "remediator/act/promql.h"
#include "remediator/config_sections.h"

namespace selfheal {
namespace {

// As it would stand in the file.
std::string steps_text(const std::vector<HealingStep>& steps) {
  std::vector<std::string> texts;
  for (const HealingStep& step : steps) texts.push_back(to_text(step));
  return "`[" + joined(texts) + "]`";
}

void read_steps(YamlFields& fields, const YamlKey& described, std::vector<HealingStep>& steps) {
  const std::string& key = described.name;
  if (!fields.has(key)) return fields.skip(described);
  steps.clear();
  fields.each(described, "a list of actions", [&](const std::string& text) -> Outcome<> {
    auto step = parse_step(text);
    if (!step) return step.error();
    steps.push_back(*std::move(step));
    return Done{};
  });
  if (steps.empty()) fields.fault(key, "expected at least one action");
}

void read_verification_query(YamlFields& fields, std::string& query) {
  const YamlKey key(
      "query",
      "In the place of what the probes say: proven when it has a sample that is not 0, "
      "with the labels `host` and `container`, in which `{{host}}` and "
      "`{{container}}` may stand");
  fields.read(key, "a PromQL query", [&](const std::string& text) -> Outcome<> {
    if (text.empty()) return Done{};
    if (Outcome<> fine = check_query(text); !fine) return fine;
    query = text;
    return Done{};
  });
}

void read_verification_change(YamlFields& fields, VerificationChange& change) {
  const auto read = [&fields](const YamlKey& key, std::optional<Milliseconds>& value) {
    if (!fields.has(key.name)) return fields.skip(key);
    Milliseconds given{};
    fields.read(key, given);
    value = given;
  };
  constexpr const char* kUsual = "as `verification` has it";
  read({"settled", "Healthy for that long since the container's start", kUsual}, change.settled);
  read({"timeout", "From the action to the verdict that it did not help", kUsual}, change.timeout);
  read_verification_query(fields, change.query);
}

}  // namespace

void read_escalation(YamlFields& fields, EscalationSettings& escalation) {
  const std::string usual = steps_text(escalation.of_restart);
  read_steps(fields, {"restart", "Where an alert asks for a restart", usual},
             escalation.of_restart);
  fields.section({"alerts", "By alertname, in the place of what the alert asks for"},
                 [&](YamlFields& alerts) {
                   for (const std::string& name : alerts.keys()) {
                     const YamlKey key(name, "Such as `[restart 90s, kill, 'exec:CMD ARG']`");
                     read_steps(alerts, key, escalation.alerts[name]);
                   }
                 });
}

void read_verification(YamlFields& fields, VerificationSettings& verification) {
  fields.read({"settled", "Healthy for that long since the container's start"},
              verification.settled);
  fields.read({"poll_interval", "How often Prometheus is asked"}, verification.poll_interval,
              Milliseconds(50), kLongestTime);
  fields.read({"timeout",
               "From the action to the verdict that it did not help; longer where the container's "
               "start period and interval need it"},
              verification.timeout);
  read_verification_query(fields, verification.query);
  fields.map({"actions", "What is different for an action, such as `recreate`"},
             [&](const std::string& name, YamlFields& action) {
               if (!parse_action(name)) action.fault(in_quotes(name) + " is not an action");
               read_verification_change(action, verification.actions[name]);
             });
  fields.map({"alerts", "The same by alertname, which wins over the action's"},
             [&](const std::string& name, YamlFields& alert) {
               read_verification_change(alert, verification.alerts[name]);
             });
  if (verification.timeout < verification.settled)
    fields.fault("timeout", "expected at least verification.settled, " +
                                format_duration(verification.settled) + ", not " +
                                format_duration(verification.timeout));
}

}  // namespace selfheal
