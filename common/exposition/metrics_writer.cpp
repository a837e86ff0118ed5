#include "common/exposition/metrics_writer.h"

#include <algorithm>

#include "common/exposition/metric_text.h"

namespace selfheal {
namespace {

constexpr size_t kChunk = 64 * 1024;
constexpr size_t kPunctuation = 8;  // braces, comma, space, line end

std::string_view type_name(MetricKind kind, MetricsFormat format) {
  const bool openmetrics = format == MetricsFormat::openmetrics;
  switch (kind) {
    case MetricKind::counter:
      return "counter";
    case MetricKind::gauge:
      return "gauge";
    case MetricKind::info:
      return openmetrics ? "info" : "gauge";
    case MetricKind::histogram:
      return "histogram";
    case MetricKind::summary:
      return "summary";
    case MetricKind::unknown:
      break;
  }
  return openmetrics ? "unknown" : "untyped";
}

// The name of the family, where series have a suffix that OpenMetrics does not count to it.
std::string_view family_name(std::string_view name, MetricKind kind) {
  std::string_view suffix;
  if (kind == MetricKind::counter) suffix = "_total";
  if (kind == MetricKind::info) suffix = "_info";
  if (name.ends_with(suffix)) name.remove_suffix(suffix.size());
  return name;
}

std::string_view unit_of(std::string_view family, MetricKind kind) {
  if (kind == MetricKind::info) return {};
  for (const std::string_view unit : {"seconds", "bytes"}) {
    if (family.ends_with(unit) && family.size() > unit.size() &&
        family[family.size() - unit.size() - 1] == '_')
      return unit;
  }
  return {};
}

std::string text_head(std::string_view name, std::string_view help, MetricKind kind) {
  std::string head = "# HELP ";
  head.append(name).append(" ").append(escaped_help(help, HelpQuotes::plain));
  head.append("\n# TYPE ").append(name).append(" ");
  return head.append(type_name(kind, MetricsFormat::text)).append("\n");
}

std::string openmetrics_head(std::string_view name, std::string_view help, MetricKind kind) {
  // It knows no counter by another name.
  if (kind == MetricKind::counter && !name.ends_with("_total")) kind = MetricKind::unknown;
  const std::string_view family = family_name(name, kind);
  std::string head = "# TYPE ";
  head.append(family).append(" ").append(type_name(kind, MetricsFormat::openmetrics)).append("\n");
  if (const std::string_view unit = unit_of(family, kind); !unit.empty())
    head.append("# UNIT ").append(family).append(" ").append(unit).append("\n");
  head.append("# HELP ").append(family).append(" ");
  return head.append(escaped_help(help, HelpQuotes::escaped)).append("\n");
}

char* put(char* out, std::string_view text) {
  return std::copy(text.begin(), text.end(), out);  // memcpy may not be given an empty view's null
}

}  // namespace

MetricsWriter::MetricsWriter(MetricsFormat format, ByteSink& sink)
    : format_(format), sink_(sink), buffer_(kChunk) {}

void MetricsWriter::family(std::string_view name, std::string_view help, MetricKind kind) {
  name_ = name;
  bucket_name_ = name_ + "_bucket";
  count_name_ = name_ + "_count";
  sum_name_ = name_ + "_sum";
  head_ = format_ == MetricsFormat::openmetrics ? openmetrics_head(name, help, kind)
                                                : text_head(name, help, kind);
}

template <class Number>
void MetricsWriter::line(std::string_view name, std::string_view labels, std::string_view further,
                         Number value) {
  if (!head_.empty()) begin_family();
  char* out = room_for(name.size() + labels.size() + further.size() + kNumberLength + kPunctuation);
  out = put(out, name);
  if (!labels.empty() || !further.empty()) {
    *out++ = '{';
    out = put(out, labels);
    if (!labels.empty() && !further.empty()) *out++ = ',';
    out = put(out, further);
    *out++ = '}';
  }
  *out++ = ' ';
  out = put_number(out, value);
  *out++ = '\n';
  used_ = static_cast<size_t>(out - buffer_.data());
}

template void MetricsWriter::line(std::string_view, std::string_view, std::string_view, double);
template void MetricsWriter::line(std::string_view, std::string_view, std::string_view, uint64_t);

void MetricsWriter::summary(std::string_view labels, std::span<const Quantile> quantiles,
                            uint64_t count, double sum) {
  for (const auto& [quantile, value] : quantiles)
    line(name_, labels, label_block({{"quantile", float_label(quantile, format_)}}), value);
  line(count_name_, labels, {}, count);
  line(sum_name_, labels, {}, sum);
}

void MetricsWriter::finish() {
  if (format_ == MetricsFormat::openmetrics) text("# EOF\n");
  pass_on();
}

void MetricsWriter::begin_family() {
  text(head_);
  head_.clear();
}

void MetricsWriter::text(std::string_view text) {
  put(room_for(text.size()), text);
  used_ += text.size();
}

// Grows for a series that is longer than a chunk; labels are as long as a container's are.
char* MetricsWriter::room_for(size_t size) {
  if (used_ + size > buffer_.size()) pass_on();
  if (size > buffer_.size()) buffer_.resize(size);
  return buffer_.data() + used_;
}

void MetricsWriter::pass_on() {
  if (used_ > 0) sink_.write({buffer_.data(), used_});
  used_ = 0;
}

}  // namespace selfheal
