"""The real Alertmanager with alertmanager/alertmanager.yml, between the stubs.

Only addresses are changed, and what a test asks for: how much faster time goes for people, which time
interval is on, how people's alerts are grouped.
"""
import atexit
import datetime
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import time
import urllib.request

from stubs import PagerDuty, Slack, Webhook

PROGRAM = os.environ.get("ALERTMANAGER", "prometheus-alertmanager")
AMTOOL = os.environ.get("AMTOOL", "amtool")
ROOT = pathlib.Path(__file__).resolve().parents[2]
SHIPPED = ROOT / "alertmanager"
EXTERNAL_URL = "http://alertmanager.example.org:9093"
PEOPLE_TIMES = {"group_wait: 10s": 10, "group_interval: 5m": 300, "repeat_interval: 4h": 14400}


def replaced(text, old, new):
    """`old` must stand there once: then a test can't go on without having changed anything."""
    if text.count(old) != 1:
        raise AssertionError(f"alertmanager.yml has {old!r} {text.count(old)} times, not once")
    return text.replace(old, new)


def with_dead_mans_switch(text, url):
    """As README.md says: the comment signs are taken away from the second webhook of `watchdog`."""
    text, count = re.subn(r"(?m)^      #(- url: https://deadman|  )", r"      \1", text)
    if count != 6:
        raise AssertionError(f"the dead man's switch has {count} commented lines, not 6")
    return replaced(text, "https://deadman.example.org/selfheal", url)


def silently(text):
    """Without inhibitions: everything is told."""
    return re.sub(r"(?ms)^inhibit_rules:.*?^receivers:", "receivers:", text)


def machine_only(text):
    """As README.md says for those who have neither Slack nor PagerDuty."""
    done = subprocess.run(["sed", "-f", SHIPPED / "machine-only.sed"], input=text, capture_output=True, text=True,
                          timeout=10, check=True)
    return done.stdout


class Alertmanager:
    def __init__(self, speed=20, interval_on=None, group_by=None, inhibit=True, people=True, secrets=True):
        self.remediator = Webhook("/api/v1/alerts", "token-of-the-remediator")
        self.dead_mans_switch = Webhook("/selfheal", "token-of-the-switch")
        self.slack = Slack()
        self.pagerduty = PagerDuty()
        self._folder = pathlib.Path(tempfile.mkdtemp(prefix="selfheal-test-alertmanager."))
        self._process = None
        text = (SHIPPED / "alertmanager.yml").read_text(encoding="utf-8")
        text = replaced(text, "127.0.0.1:10116", self.remediator.address)
        text = with_dead_mans_switch(text, self.dead_mans_switch.url)
        for setting, seconds in PEOPLE_TIMES.items():
            scaled = f"{setting.split(':')[0]}: {round(1000 * seconds / speed)}ms"
            text = replaced(text, setting, scaled)
        if interval_on:
            off = f"  - name: {interval_on}\n    time_intervals:\n      - years: ['2020']"
            text = replaced(text, off, off.replace("'2020'", "'2020:2099'"))
        if group_by:
            text = replaced(text, "group_by: [host, group, container]", f"group_by: {group_by}")
        if not inhibit:
            text = silently(text)
        if not people:
            text = machine_only(text)
        text = f"global: {{pagerduty_url: '{self.pagerduty.url}'}}\n" + text
        self._write_files(text, secrets)

    def _write_files(self, text, secrets):
        (self._folder / "alertmanager.yml").write_text(text, encoding="utf-8")
        shutil.copy(SHIPPED / "selfheal.tmpl", self._folder)
        files = {"webhook.token": "token-of-the-remediator", "deadman.token": "token-of-the-switch"}
        if secrets:
            files |= {"slack.url": self.slack.url, "pagerduty.key": "0123456789abcdef" * 2}
        for name, secret in files.items():
            (self._folder / name).write_text(secret + "\n", encoding="utf-8")

    def __enter__(self):
        atexit.register(self.__exit__)  # unittest cleans nothing up after Ctrl-C
        self._start()
        return self

    def _start(self):
        log = open(self._folder / "log", "wb")
        with log:
            # Started in its folder, for that is where it looks for slack.url and pagerduty.key.
            self._process = subprocess.Popen(
                [PROGRAM, "--config.file=alertmanager.yml", "--storage.path=data", "--log.level=debug",
                 "--web.listen-address=127.0.0.1:0", "--cluster.listen-address=",
                 f"--web.external-url={EXTERNAL_URL}"],
                cwd=self._folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        listening = self.await_log(r'msg="Listening on" (?:.* )?address=(127\.0\.0\.1:\d+)')
        self.url = f"http://{listening[1]}"
        for _ in range(100):
            try:
                with urllib.request.urlopen(self.url + "/-/ready", timeout=2):
                    return
            except OSError:
                time.sleep(0.1)
        raise AssertionError("Alertmanager does not get ready:\n" + self.log()[-4000:])

    def await_log(self, pattern, times=1, timeout=20):
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline and self._process.poll() is None:
            found = list(re.finditer(pattern, self.log()))
            if len(found) >= times:
                return found[times - 1]
            time.sleep(0.05)
        raise AssertionError(f"Alertmanager did not log {pattern!r} {times} times:\n" + self.log()[-4000:])

    def await_flush(self, alertname):
        """Until the group with this alert has been given to its receiver, or to what mutes it."""
        self.await_log(rf"(?m)^.*flushing.*\b{alertname}\b.*$")

    def log(self):
        return (self._folder / "log").read_text(encoding="utf-8", errors="replace")

    def __exit__(self, *_):
        atexit.unregister(self.__exit__)
        if self._process:
            self._process.terminate()
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        for stub in self.stubs():
            stub.close()
        shutil.rmtree(self._folder)

    def stubs(self):
        return self.remediator, self.dead_mans_switch, self.slack, self.pagerduty

    def faults(self):
        """What the receivers had to complain about, and what Alertmanager did."""
        found = [fault for stub in self.stubs() for fault in stub.faults]
        return found + [line for line in self.log().splitlines()
                        if re.search(r"level=(error|warn)\b", line, re.I)]

    def post(self, *alerts):
        request = urllib.request.Request(
            self.url + "/api/v2/alerts", json.dumps(alerts).encode(),
            {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=5):
            pass

    def amtool(self, *arguments):
        done = subprocess.run([AMTOOL, f"--alertmanager.url={self.url}", *arguments],
                              capture_output=True, text=True, timeout=10, check=False)
        if done.returncode:
            raise AssertionError(f"amtool {' '.join(arguments)}: {done.stderr}")
        return done.stdout.strip()


def _time(moment):
    return moment.isoformat().replace("+00:00", "Z")


def alert(labels, annotations=None, lasts=600, generator="http://prometheus.example.org/graph?g0.expr=up&g0.tab=1"):
    """One that began now and, unless it is posted again, is over after `lasts` seconds."""
    now = datetime.datetime.now(datetime.timezone.utc)
    return {"labels": labels, "annotations": annotations or {}, "generatorURL": generator,
            "startsAt": _time(now), "endsAt": _time(now + datetime.timedelta(seconds=lasts))}


def over(posted):
    """The same alert, ended now."""
    return {**posted, "endsAt": _time(datetime.datetime.now(datetime.timezone.utc))}
