"""SelfhealOutcome as the remediator posts it: remediator/outcome/outcome_alert.cpp."""
from alertmanager import alert

TEXTS = {
    "recovered": ("web was restarted and is healthy again",
                  "restarted, healthy again after 12.3 s (attempt {attempts}; SelfhealProbeFailing)", "verified"),
    "failed": ("web was not healed by attempt {attempts}",
               "restarted, but not healthy after 60.0 s: never healthy (attempt {attempts}; SelfhealProbeFailing)",
               "not_healthy"),
    "stopped": ("web was stopped and stays down",
                "stopped, as its labels ask for when it is broken; a person has to start it"
                " (attempt {attempts}; SelfhealProbeFailing)", "stopped"),
    "expired": ("web could not be healed in time",
                "nothing could be done for 10m: selfheal:hold dependency (SelfhealProbeFailing)", "held"),
    "breaker_open": ("web is not healed any more: all 3 attempts are used",
                     "restarted, but not healthy after 60.0 s (attempt {attempts}; SelfhealProbeFailing); that was the"
                     " last attempt, a person is needed", "attempts_used_up"),
}
LIFE_SECONDS = 360


def outcome(kind, attempt, host="h", container="web", group="shop/web", incident=7, speed=1):
    summary, description, reason = TEXTS[kind]
    attempts = f"{attempt} of 3"
    url = f"http://selfheal.example.org:10116/api/v1/incidents/{incident}"
    labels = {"alertname": "SelfhealOutcome", "severity": "info" if kind == "recovered" else "warning",
              "outcome": kind, "host": host, "group": group, "container": container,
              "incident": str(incident), "attempt": str(attempt)}
    annotations = {"summary": summary.format(attempts=attempts),
                   "description": f"{container} on {host}: " + description.format(attempts=attempts),
                   "reason": reason, "attempts": attempts, "incident_url": url}
    return alert(labels, annotations, lasts=LIFE_SECONDS / speed, generator=url)
