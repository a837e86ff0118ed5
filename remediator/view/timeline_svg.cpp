#include "remediator/view/timeline_svg.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "common/http/html_text.h"

namespace selfheal {
namespace {

constexpr int kHeight = 28;
// In the legend a bar is no taller than the text beside it.
constexpr int kTallestInLegend = 12;

struct Shape {
  SpanKind kind;
  int height;
  const char* meaning;
};
constexpr std::array<Shape, 4> kShapes{{{SpanKind::failing, 4, "failing"},
                                        {SpanKind::waiting, 12, "waiting or held"},
                                        {SpanKind::attempt, 22, "attempt"},
                                        {SpanKind::verifying, 12, "verifying"}}};

// Drawn about the point (0, 14).
struct End {
  const char* name;
  const char* drawing;
};
constexpr std::array<End, 5> kEnds{
    {{"recovered", "<circle cy=\"14\" r=\"6\"/><path d=\"M-3 14l2.2 2.4L3.2 11.4\"/>"},
     {"stopped", "<path d=\"M-5 9h10v10h-10z\"/>"},
     {"withdrawn", "<circle cy=\"14\" r=\"5\"/>"},
     {"expired", "<path d=\"M0 6.5L7.5 14 0 21.5-7.5 14z\"/><path d=\"M-2.5 11.5l5 5m0-5l-5 5\"/>"},
     {"open", "<path d=\"M-7 8L1 14-7 20z\"/>"}}};

std::string percent(double value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.3f%%", value);
  return text.data();
}

std::string bar(const Shape& shape, const Place& at, const std::string& title) {
  return "<rect class=\"" + std::string(to_string(shape.kind)) + "\" x=\"" + percent(at.left) +
         "\" width=\"" + percent(at.width) + "\" y=\"" +
         std::to_string((kHeight - shape.height) / 2) + "\" height=\"" +
         std::to_string(shape.height) + "\">" +
         (title.empty() ? "" : "<title>" + escape_html(title) + "</title>") + "</rect>";
}

std::string mark(std::string_view end, double left, const std::string& title) {
  for (const End& known : kEnds) {
    if (known.name != end) continue;
    return "<svg class=\"end " + std::string(known.name) + "\" x=\"" + percent(left) +
           "\" overflow=\"visible\"><title>" + escape_html(title) + "</title>" + known.drawing +
           "</svg>";
  }
  return "";
}

std::string title_of(const Span& span) {
  const std::string what =
      std::string(to_string(span.kind)) + (span.label.empty() ? "" : ": " + span.label);
  return what + ", " + glance(span.end - span.begin);
}

std::string draw(const Track& track, const Window& window) {
  std::string drawn;
  const std::string name = "incident " + std::to_string(track.incident.id);
  for (const Span& span : track.spans) {
    const auto at = place(span.begin, span.end, window);
    if (at) drawn += bar(kShapes.at(static_cast<size_t>(span.kind)), *at, title_of(span));
  }
  const WallTime end = track.end.value_or(window.end);
  const std::string_view how = end_of(track.incident);
  if (const auto at = place(end, end, window))
    drawn += mark(how, at->left, name + ": " + std::string(how));
  return drawn;
}

std::string opening(const std::string& label, const char* name) {
  return "<svg class=\"" + std::string(name) + "\" height=\"" + std::to_string(kHeight) +
         "\" role=\"img\" aria-label=\"" + escape_html(label) + "\">";
}

}  // namespace

std::string timeline_svg(const std::vector<Track>& tracks, const Window& window) {
  std::string label =
      std::to_string(tracks.size()) + (tracks.size() == 1 ? " incident:" : " incidents:");
  std::string drawn;
  for (const char* tick : {"25%", "50%", "75%"})
    drawn += "<line class=\"tick\" x1=\"" + std::string(tick) + "\" x2=\"" + tick +
             "\" y1=\"0\" y2=\"28\"/>";
  for (const Track& track : tracks) {
    label += " " + std::to_string(track.incident.id) + " " + std::string(end_of(track.incident));
    drawn += draw(track, window);
  }
  return opening(label, "strip") + drawn + "</svg>";
}

std::string timeline_legend() {
  std::string html = "<ul class=\"legend\">";
  for (Shape shape : kShapes) {
    shape.height = std::min(shape.height, kTallestInLegend);
    html += "<li>" + opening(shape.meaning, "key") + bar(shape, {4, 92}, "") + "</svg>" +
            shape.meaning + "</li>";
  }
  for (const End& end : kEnds)
    html += "<li>" + opening(end.name, "key short") + mark(end.name, 50, end.name) + "</svg>" +
            end.name + "</li>";
  return html + "</ul>\n";
}

}  // namespace selfheal
