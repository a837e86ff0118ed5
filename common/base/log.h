// Structured logging to stderr, one line an event: a static message and fields.
//
//   log::warn("label can't be used", {{"container", name}, {"label", key}, {"err", fault}});
//
// logfmt:  time=2026-01-31T12:00:00.123Z level=warn msg="label can't be used" container=web …
// json:    {"time":"…","level":"warn","msg":"…","container":"web",…}
//
// Safe from any thread. Secrets never become fields.
#pragma once

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "common/base/result.h"

namespace selfheal::log {

enum class Level { debug, info, warn, error };
enum class Format { logfmt, json };

using Field = std::pair<std::string_view, std::string>;
using Fields = std::initializer_list<Field>;

Result<Level> parse_level(std::string_view text);
Result<Format> parse_format(std::string_view text);

// Before the first line; the default is info, logfmt.
void configure(Level level, Format format);

void debug(std::string_view message, Fields fields = {});
void info(std::string_view message, Fields fields = {});
void warn(std::string_view message, Fields fields = {});
void error(std::string_view message, Fields fields = {});

// The line without its newline, for tests and for configure()'s sink.
std::string render(Format format, std::string_view time, Level level, std::string_view message,
                   std::span<const Field> fields);
inline std::string render(Format format, std::string_view time, Level level,
                          std::string_view message, Fields fields) {
  return render(format, time, level, message, std::span(fields.begin(), fields.size()));
}

}  // namespace selfheal::log
