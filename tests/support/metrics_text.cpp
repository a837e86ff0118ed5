#include "tests/support/metrics_text.h"

#include <algorithm>
#include <array>
#include <sstream>
#include <stdexcept>

#include <zlib.h>

namespace selfheal {
namespace {

[[noreturn]] void refuse(std::string_view line) {
  throw std::runtime_error("no line of metrics: " + std::string(line));
}

// The quoted value that `rest` begins with, which it is cut off from.
std::string take_value(std::string_view& rest, std::string_view line) {
  if (!rest.starts_with('"')) refuse(line);
  std::string value;
  for (size_t i = 1; i < rest.size(); ++i) {
    if (rest[i] == '"') {
      rest.remove_prefix(i + 1);
      return value;
    }
    const bool escaped = rest[i] == '\\' && ++i < rest.size();
    value += escaped && rest[i] == 'n' ? '\n' : rest[i];
  }
  refuse(line);
}

std::map<std::string, std::string> take_labels(std::string_view& rest, std::string_view line) {
  std::map<std::string, std::string> labels;
  rest.remove_prefix(1);
  while (!rest.starts_with('}')) {
    const size_t equals = rest.find('=');
    if (equals == rest.npos) refuse(line);
    const std::string name(rest.substr(0, equals));
    rest.remove_prefix(equals + 1);
    if (!labels.emplace(name, take_value(rest, line)).second) refuse(line);
    if (rest.starts_with(',')) rest.remove_prefix(1);
  }
  rest.remove_prefix(1);
  return labels;
}

double number(const std::string& text, std::string_view line) {
  size_t length = 0;
  double value = 0;
  try {
    value = std::stod(text, &length);
  } catch (const std::exception&) {
    refuse(line);
  }
  if (length != text.size()) refuse(line);
  return value;
}

// "# HELP name text" and "# TYPE name type".
void parse_comment(const std::string& line, MetricsText& all) {
  std::istringstream words(line);
  std::string hash, what, name, text;
  words >> hash >> what >> name;
  std::getline(words >> std::ws, text);
  if (what == "HELP" && !all.help.emplace(name, text).second) refuse(line);
  if (what == "TYPE" && !all.type.emplace(name, text).second) refuse(line);
}

}  // namespace

MetricSample parse_sample(std::string_view line) {
  MetricSample sample;
  std::string_view rest = line;
  sample.name = rest.substr(0, rest.find_first_of("{ "));
  rest.remove_prefix(sample.name.size());
  if (rest.starts_with('{')) sample.labels = take_labels(rest, line);
  if (!rest.starts_with(' ') || sample.name.empty()) refuse(line);
  sample.value = number(std::string(rest.substr(1)), line);
  return sample;
}

std::vector<MetricSample> MetricsText::named(const std::string& name) const {
  std::vector<MetricSample> found;
  std::copy_if(samples.begin(), samples.end(), std::back_inserter(found),
               [&](const MetricSample& sample) { return sample.name == name; });
  return found;
}

double MetricsText::value(const std::string& name,
                          const std::map<std::string, std::string>& labels) const {
  std::vector<double> values;
  for (const MetricSample& sample : named(name)) {
    if (std::includes(sample.labels.begin(), sample.labels.end(), labels.begin(), labels.end()))
      values.push_back(sample.value);
  }
  if (values.size() != 1)
    throw std::runtime_error(std::to_string(values.size()) + " series of " + name);
  return values.front();
}

MetricsText parse_metrics(std::string_view text) {
  MetricsText all;
  std::istringstream lines{std::string(text)};
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with('#')) {
      parse_comment(line, all);
    } else {
      all.samples.push_back(parse_sample(line));
    }
  }
  return all;
}

std::string gunzip(std::string_view compressed) {
  z_stream stream{};
  inflateInit2(&stream, 15 + 16);
  std::string input(compressed), text;
  stream.next_in = reinterpret_cast<Bytef*>(input.data());
  stream.avail_in = static_cast<uInt>(input.size());
  std::array<char, 4096> piece;
  int status = Z_OK;
  while (status == Z_OK) {
    stream.next_out = reinterpret_cast<Bytef*>(piece.data());
    stream.avail_out = static_cast<uInt>(piece.size());
    status = inflate(&stream, Z_NO_FLUSH);
    text.append(piece.data(), piece.size() - stream.avail_out);
  }
  inflateEnd(&stream);
  if (status != Z_STREAM_END) throw std::runtime_error("no gzip, or not to its end");
  return text;
}

}  // namespace selfheal
