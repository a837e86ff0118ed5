#include "remediator/view/timeline_rows.h"

#include <algorithm>
#include <map>

#include "common/http/html_text.h"
#include "remediator/view/html_parts.h"
#include "remediator/view/overview.h"
#include "remediator/view/timeline_svg.h"

namespace selfheal {
namespace {

// Of one container; the rest is counted.
constexpr size_t kMostTracks = 20;

struct Row {
  std::string host;
  std::string container;
  std::vector<Track> tracks;
};

std::vector<Row> rows_of(const std::vector<Track>& tracks) {
  std::vector<Row> rows;
  std::map<std::pair<std::string, std::string>, size_t> known;
  for (const Track& track : tracks) {
    const Incident& incident = track.incident;
    const auto [at, fresh] = known.try_emplace({incident.host, incident.container}, rows.size());
    if (fresh) rows.push_back({incident.host, incident.container, {}});
    rows[at->second].tracks.push_back(track);
  }
  return rows;
}

std::string span_item(const Span& span) {
  return "<li class=\"" + std::string(to_string(span.kind)) + "\"><b>" +
         std::string(to_string(span.kind)) + "</b> " + escape_html(span.label) + " <small>" +
         glance(span.end - span.begin) + "</small></li>";
}

// A tail, so that what goes on is not at the edge, and what took no time has a width.
Window window_of(const Track& track, WallTime now) {
  const WallTime end = track.end.value_or(now);
  const auto length = std::max<std::chrono::nanoseconds>(end - track.begin, Milliseconds(1));
  return {track.begin - length / 50, end + length / 50};
}

std::string row_html(const Row& row, WallTime now, const std::string& top) {
  const Window day{now - kOverviewDay, now};
  const size_t count = row.tracks.size();
  const bool open = !row.tracks.front().end;
  std::string html =
      "<details class=\"row\" data-key=\"" + escape_html(row.host + "/" + row.container) + "\"" +
      (open ? " open" : "") + "><summary><span class=\"who\"><b>" + escape_html(row.container) +
      "</b> <small>" + escape_html(row.host) + "</small></span><span class=\"count\">" +
      std::to_string(count) + (count == 1 ? " incident" : " incidents") + "</span>" +
      timeline_svg(row.tracks, day) + "</summary>\n";
  for (size_t i = 0; i < std::min(count, kMostTracks); ++i)
    html += render_track(row.tracks[i], now, top);
  if (count > kMostTracks)
    html += "<p class=\"dim\">" + std::to_string(count - kMostTracks) + " more before.</p>";
  return html + "</details>\n";
}

}  // namespace

std::string render_track(const Track& track, WallTime now, const std::string& top) {
  const auto length = track.end.value_or(now) - track.begin;
  std::string html = "<div class=\"track\"><p>" + incident_link(track.incident.id, top) + " " +
                     badge(end_of(track.incident)) + " " + exact_time(track.begin) + " <small>" +
                     (track.end ? "took " : "for ") + glance(length) + "</small></p>" +
                     timeline_svg({track}, window_of(track, now)) + "<ol class=\"spans\">";
  for (const Span& span : track.spans) html += span_item(span);
  return html + "</ol></div>\n";
}

std::string render_timeline(const std::vector<Track>& tracks, WallTime now,
                            const std::string& top) {
  if (tracks.empty()) return "<p class=\"note\">No incident within the last 24 hours.</p>\n";
  std::string html = timeline_legend() +
                     "<div class=\"axis\" aria-hidden=\"true\"><span>24 h ago</span><span>18 h"
                     "</span><span>12 h</span><span>6 h</span><span>now</span></div>\n";
  for (const Row& row : rows_of(tracks)) html += row_html(row, now, top);
  return html;
}

}  // namespace selfheal
