"""Slack and PagerDuty for a bash test: tests/alertmanager/stubs.py as a process.

Writes their addresses to FOLDER/slack.url and FOLDER/pagerduty.url, and after each request, a line of
JSON each, what they got to FOLDER/people.received: {"at", "to": "slack" | "pagerduty" | "fault", ...}.
"""
import json
import pathlib
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "alertmanager"))
from stubs import PagerDuty, Slack  # noqa: E402


def main(folder):
    log = open(folder / "people.received", "a", encoding="utf-8")
    lock = threading.Lock()

    def write(**what):
        with lock:
            log.write(json.dumps({"at": time.time(), **what}) + "\n")
            log.flush()

    class LoggedSlack(Slack):
        def accept(self, content):
            for message in content["attachments"]:
                write(to="slack", color=message["color"], title=message["title"], text=message["text"])
            return super().accept(content)

        def refuse(self, found):
            write(to="fault", found=found)
            return super().refuse(found)

    class LoggedPagerDuty(PagerDuty):
        def accept(self, content):
            write(to="pagerduty", action=content["event_action"], key=content["dedup_key"],
                  summary=content.get("payload", {}).get("summary", ""))
            return super().accept(content)

        def refuse(self, found):
            write(to="fault", found=found)
            return super().refuse(found)

    slack, pagerduty = LoggedSlack(), LoggedPagerDuty()
    (folder / "pagerduty.url").write_text(pagerduty.url + "\n", encoding="utf-8")
    (folder / "slack.url").write_text(slack.url + "\n", encoding="utf-8")
    threading.Event().wait()


main(pathlib.Path(sys.argv[1]))
