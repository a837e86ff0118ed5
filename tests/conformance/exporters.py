"""The two exporters, started with the same module file, and what they answer."""

import dataclasses
import gzip
import re
import socket
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request


BLACKBOX = "prometheus-blackbox-exporter"


@dataclasses.dataclass
class Answer:
    status: int
    content_type: str
    text: str


def _read(answer):
    body = answer.read()
    if answer.headers.get("Content-Encoding") == "gzip":
        body = gzip.decompress(body)
    return Answer(answer.status, answer.headers.get("Content-Type", ""), body.decode())


def blackbox_version():
    """(0, 26) of 0.26.0"""
    told = subprocess.run([BLACKBOX, "--version"], capture_output=True, text=True, check=True)
    major, minor = re.search(r"version (\d+)\.(\d+)", told.stdout + told.stderr).groups()
    return int(major), int(minor)


class Exporter:
    def __init__(self, name, command, log):
        self.name = name
        self.port = _free_port()
        address = f"127.0.0.1:{self.port}"
        self._log = log
        self._process = subprocess.Popen([*command, f"--web.listen-address={address}"],
                                         stdout=log, stderr=subprocess.STDOUT)
        self._await_health()

    def get(self, path, headers=(), method="GET"):
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}",
                                         headers=dict(headers), method=method)
        try:
            with _opener.open(request, timeout=30) as answer:
                return _read(answer)
        except urllib.error.HTTPError as refusal:
            return _read(refusal)

    def probe(self, parameters, headers=()):
        return self.get("/probe?" + urllib.parse.urlencode(parameters), headers)

    def stop(self):
        self._process.terminate()
        return self._process.wait(20)

    def _await_health(self):
        for _ in range(100):
            try:
                if self.get("/-/healthy").status == 200:
                    return
            except OSError:
                pass
            if self._process.poll() is not None:
                break
            time.sleep(0.1)
        self._log.seek(0)
        raise SystemExit(f"{self.name} does not start:\n{self._log.read()}")


# Whatever proxy the environment names, loopback is not behind it.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def _free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]
