// Incidents and texts that the tests of the pages begin with.
#pragma once

#include <string>

#include "tests/remediator/samples.h"

namespace selfheal {

inline const std::string kHostile = "<script>alert('\"')</script>\u202E\x01&";

inline size_t count_of(const std::string& text, const std::string& part) {
  size_t found = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

// Failing since 3 s before kNow; waited for 1 s, restarted within 1 s, verified 10 s later.
inline Incident healed_incident() {
  using std::chrono::seconds;
  const IncidentSettings settings;
  Incident incident = waiting_incident();
  incident.id = 42;
  apply(incident, attempt_on(), kNow + seconds(1), settings);
  apply(incident, Acted{kNow + seconds(2)}, kNow + seconds(2), settings);
  apply(incident, SeenHealthy{}, kNow + seconds(3), settings);
  apply(incident, Verified{}, kNow + seconds(12), settings);
  return incident;
}

// Waits, and each text in it that came from elsewhere is hostile.
inline Incident hostile_incident() {
  Incident incident = waiting_incident();
  incident.id = 7;
  incident.host = incident.container = incident.group = kHostile;
  incident.reason = incident.detail = kHostile;
  incident.alerts.front().alertname = incident.alerts.front().remediation = kHostile;
  return incident;
}

// Neither markup nor what turns or hides text has got through.
inline bool harmless(const std::string& html) {
  return html.find("<script>") == std::string::npos && html.find("alert('") == std::string::npos &&
         html.find('\x01') == std::string::npos && html.find("\u202E") == std::string::npos;
}

}  // namespace selfheal
