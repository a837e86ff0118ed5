#include "common/base/log.h"

#include <array>

#include <nlohmann/json.hpp>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "common/base/time_text.h"

namespace selfheal::log {
namespace {

constexpr std::array<std::string_view, 4> kLevels{"debug", "info", "warn", "error"};

struct Output {
  std::shared_ptr<spdlog::logger> logger = [] {
    auto made = spdlog::stderr_logger_mt("selfheal");
    made->set_pattern("%v");
    made->set_level(spdlog::level::trace);  // ours decides
    made->flush_on(spdlog::level::trace);
    return made;
  }();
  Level level = Level::info;
  Format format = Format::logfmt;
};

Output& output() {
  static Output the_output;
  return the_output;
}

bool needs_quotes(std::string_view text) {
  if (text.empty()) return true;
  for (const char c : text)
    if (c <= ' ' || c == '"' || c == '=' || c == '\\' || c == 0x7f) return true;
  return false;
}

// A quoted value escapes what would end the line or hide in a terminal: logs hold container names
// and replies that strangers choose.
void append_value(std::string& line, std::string_view text) {
  if (!needs_quotes(text)) {
    line += text;
    return;
  }
  constexpr std::string_view kHex = "0123456789abcdef";
  line += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      (line += '\\') += c;
    } else if (c == '\n') {
      line += "\\n";
    } else if (byte < 0x20 || byte == 0x7f) {
      ((line += "\\x") += kHex[byte >> 4]) += kHex[byte & 15];
    } else {
      line += c;
    }
  }
  line += '"';
}

std::string render_logfmt(std::string_view time, Level level, std::string_view message,
                          std::span<const Field> fields) {
  std::string line = "time=";
  line += time;
  line += " level=";
  line += kLevels[static_cast<size_t>(level)];
  line += " msg=";
  append_value(line, message);
  for (const auto& [key, value] : fields) {
    (line += ' ') += key;
    line += '=';
    append_value(line, value);
  }
  return line;
}

std::string render_json(std::string_view time, Level level, std::string_view message,
                        std::span<const Field> fields) {
  nlohmann::ordered_json line{
      {"time", time}, {"level", kLevels[static_cast<size_t>(level)]}, {"msg", message}};
  for (const auto& [key, value] : fields) line[std::string(key)] = value;
  return line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

void write(Level level, std::string_view message, Fields fields) {
  Output& out = output();
  if (level < out.level) return;
  out.logger->info(
      "{}", render(out.format, format_rfc3339(SystemClock().wall_now()), level, message, fields));
}

}  // namespace

Result<Level> parse_level(std::string_view text) {
  for (size_t i = 0; i < kLevels.size(); ++i)
    if (kLevels[i] == text) return static_cast<Level>(i);
  return Error{"\"" + std::string(text) + "\" is not one of debug, info, warn, error"};
}

Result<Format> parse_format(std::string_view text) {
  if (text == "logfmt") return Format::logfmt;
  if (text == "json") return Format::json;
  return Error{"\"" + std::string(text) + "\" is not one of logfmt, json"};
}

void configure(Level level, Format format) {
  output().level = level;
  output().format = format;
}

std::string render(Format format, std::string_view time, Level level, std::string_view message,
                   std::span<const Field> fields) {
  return format == Format::json ? render_json(time, level, message, fields)
                                : render_logfmt(time, level, message, fields);
}

void debug(std::string_view message, Fields fields) {
  write(Level::debug, message, fields);
}
void info(std::string_view message, Fields fields) {
  write(Level::info, message, fields);
}
void warn(std::string_view message, Fields fields) {
  write(Level::warn, message, fields);
}
void error(std::string_view message, Fields fields) {
  write(Level::error, message, fields);
}

}  // namespace selfheal::log
