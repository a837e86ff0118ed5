// How the parsers of Docker's answers read JSON: lenient in what is absent, strict in what is
// there. For their sources only. [pure]
#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "common/base/result.h"

namespace selfheal::docker_json {

using Json = nlohmann::json;

// The value at `key`, or `fallback` where it is absent or null. A wrong type throws, which parse()
// turns into an error.
template <class T>
T get_or(const Json& object, const char* key, T fallback) {
  const auto entry = object.find(key);
  return entry == object.end() || entry->is_null() ? fallback : entry->get<T>();
}

// `value` where it is an object, an empty one where it is null; throws, as get_or() does, where it
// is anything else.
inline const Json& as_object(const Json& value) {
  static const Json kEmpty = Json::object();
  if (value.is_null()) return kEmpty;
  (void)value.get_ref<const Json::object_t&>();
  return value;
}

// The object at `key`, or an empty one where it is absent.
inline const Json& object_at(const Json& object, const char* key) {
  static const Json kNull;
  const auto entry = object.find(key);
  return as_object(entry == object.end() ? kNull : *entry);
}

template <class T, class Read>
Result<T> parse(std::string_view json, const char* what, Read read) {
  try {
    const Json answer = Json::parse(json);
    if (answer.is_null()) return Error{std::string("Docker's answer for ") + what + " is null"};
    return read(answer);
  } catch (const Json::exception& fault) {
    return Error{std::string("Docker's answer for ") + what + " can't be read: " + fault.what()};
  }
}

}  // namespace selfheal::docker_json
