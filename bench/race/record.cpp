#include "bench/race/record.h"

#include <cmath>

#include <nlohmann/json.hpp>

#include "common/base/time_text.h"

namespace selfheal::race {
namespace {

using Json = nlohmann::json;

RoundRecord from_json(const Json& json) {
  RoundRecord record;
  record.contender = parse_contender(json.at("contender").get<std::string>()).value();
  record.part = json.at("part").get<int>();
  record.number = json.at("round").get<int>();
  record.mode = parse_mode(json.at("mode").get<std::string>()).value();
  record.container = json.at("container").get<std::string>();
  record.broken_at = parse_rfc3339(json.at("broken_at").get<std::string>()).value();
  if (!json.at("total_ms").is_null()) record.total_ms = json.at("total_ms").get<double>();
  for (const auto& [name, value] : json.at("marks_ms").items())
    record.marks[parse_mark(name).value()] = value.get<double>();
  record.fault = json.at("fault").get<std::string>();
  return record;
}

}  // namespace

double rounded(double milliseconds) {
  return std::round(milliseconds * 10) / 10;
}

std::string to_json_line(const RoundRecord& record) {
  nlohmann::ordered_json marks = nlohmann::ordered_json::object();
  for (const auto& [mark, at] : record.marks) marks[std::string(to_string(mark))] = rounded(at);
  nlohmann::ordered_json json{
      {"kind", "round"},
      {"contender", to_string(record.contender)},
      {"part", record.part},
      {"round", record.number},
      {"mode", to_string(record.mode)},
      {"container", record.container},
      {"broken_at", format_rfc3339(record.broken_at)},
      {"total_ms", nullptr},
      {"marks_ms", marks},
      {"fault", record.fault},
  };
  if (record.total_ms) json["total_ms"] = rounded(*record.total_ms);
  return json.dump();
}

Result<std::optional<RoundRecord>> parse_json_line(std::string_view line) {
  using Parsed = std::optional<RoundRecord>;
  try {
    const Json json = Json::parse(line);
    return json.at("kind") == "round" ? Parsed(from_json(json)) : Parsed();
  } catch (const std::exception& fault) {
    return Error{std::string("not a line of a race: ") + fault.what()};
  }
}

}  // namespace selfheal::race
