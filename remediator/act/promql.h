// PromQL as text, with values that come from outside put in safely, and what a query answers.
// [pure]
#pragma once

#include <map>
#include <string>

#include "common/base/result.h"

namespace selfheal {

struct PromSample {
  std::map<std::string, std::string> labels;
  double value = 0;
};

// As a string of PromQL, with its quotes.
std::string promql_string(const std::string& text);

// {host="…",container="…"} with the values escaped, and `more` matchers before them.
std::string container_selector(const std::string& host, const std::string& container,
                               const std::string& more = "");

// Whether all probes of each have passed so often in a row; `selector` may be of several
// containers.
std::string successes_at_least(const std::string& selector, int count);

// A query of a person's, with {{host}} and {{container}} where the values go. Each becomes a
// string; quotes right around it are taken along, so that both of these mean the same:
//
//   up{host={{host}}}    up{host="{{host}}"}
std::string filled_query(const std::string& query, const std::string& host,
                         const std::string& container);

// Whether all its {{…}} can be filled in; the error says which can't, and why.
Outcome<> check_query(const std::string& query);

}  // namespace selfheal
