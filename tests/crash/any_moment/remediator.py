"""The built remediator as a process of its own, on a SQLite that loses what is not synced."""
import http.client
import json
import os
import re
import select
import subprocess
import threading
import time

# Quick enough for hundreds of lives, and otherwise as it is.
CONFIG = """
guards:
  cooldown: 100ms
  start_grace: 0s
  create_grace: 0s
  backoff: {initial: 200ms, longest: 200ms}
  max_attempts: 2
lease: {time_to_live: 20s}
verification: {settled: 300ms, poll_interval: 50ms, timeout: 600ms}
limits: {concurrent_attempts: 3}
"""
ANSWER_WITHIN = 10  # seconds


# One at a time: where several threads take leave of dead processes at once, kernels of 6.18 were seen
# to spin in it for minutes (d_invalidate of what /proc had of them).
_REAPING = threading.Lock()


class Gone(Exception):
    """There is no process, or no more of it."""


class Remediator:
    def __init__(self, programs, folder, docker_socket, alertmanager_url, synchronous):
        """`programs` are the remediator and liblost-writes.so."""
        self.program, self.preload = programs
        self.folder, self.synchronous = folder, synchronous
        self.journal = os.path.join(folder, "journal.db")
        self.commits_file = os.path.join(folder, "commits")
        self.lives, self.process, self.port = 0, None, None
        self.flags = ["--docker.host=unix://" + docker_socket, "--journal.path=" + self.journal,
                      "--alertmanager.url=" + alertmanager_url, "--web.listen-address=127.0.0.1:0",
                      "--web.external-url=http://remediator.example",
                      "--config.file=" + os.path.join(folder, "quick.yml")]
        with open(os.path.join(folder, "quick.yml"), "w", encoding="ascii") as config:
            config.write(CONFIG)

    def log_path(self, life):
        return os.path.join(self.folder, "life-%d.log" % life)

    def log(self):
        with open(self.log_path(self.lives), encoding="utf-8", errors="replace") as log:
            return log.read()

    def start(self, kill_point=None):
        """`kill_point` is what SELFHEAL_LOST_WRITES_KILL takes."""
        environment = dict(os.environ, LD_PRELOAD=self.preload,
                           SELFHEAL_LOST_WRITES_COMMITS=self.commits_file)
        if self.synchronous == "normal":
            environment["SELFHEAL_LOST_WRITES_SYNCHRONOUS"] = "normal"
        if kill_point:
            environment["SELFHEAL_LOST_WRITES_KILL"] = kill_point
        self.lives, self.port = self.lives + 1, None
        with open(self.log_path(self.lives), "wb") as log:
            self.process = subprocess.Popen([self.program] + self.flags, env=environment,
                                            stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def alive(self):
        with _REAPING:
            return self.process is not None and self.process.poll() is None

    def listening(self):
        """Whether it is; raises Gone where it no longer lives."""
        if self.port is None:
            found = re.search(r"msg=listening address=127\.0\.0\.1:(\d+)", self.log())
            self.port = int(found[1]) if found else None
        if not self.alive():
            raise Gone()
        return self.port is not None

    def kill(self):
        """The -shm is memory, and goes with the machine."""
        if self.alive():
            self.process.kill()
        self.await_end()
        self.lose_memory()

    def lose_memory(self):
        if os.path.exists(self.journal + "-shm"):
            os.unlink(self.journal + "-shm")

    def end(self):
        """In order; the exit status."""
        self.process.terminate()
        return self.await_end(60)

    def await_end(self, seconds=None):
        """The exit status."""
        if self.alive():
            handle = os.pidfd_open(self.process.pid)
            select.select([handle], [], [], seconds)
            os.close(handle)
        with _REAPING:
            return self.process.wait(1)

    def ask(self, method, path, body=None):
        """(status, what the JSON says); raises Gone where no whole answer came."""
        port = self.port
        if port is None or not self.alive():
            raise Gone()
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=ANSWER_WITHIN)
        try:
            connection.request(method, "/api/v1/" + path, body and json.dumps(body),
                               {"Content-Type": "application/json"} if body else {})
            answer = connection.getresponse()
            text = answer.read()
            return answer.status, json.loads(text) if answer.status == 200 else text.decode()
        except (OSError, http.client.HTTPException, ValueError) as fault:
            raise Gone() from fault
        finally:
            connection.close()

    def commits(self):
        """Of all lives so far."""
        return os.path.getsize(self.commits_file) if os.path.exists(self.commits_file) else 0

    def await_listening(self, seconds=60):
        deadline = time.monotonic() + seconds
        while not self.listening():
            assert time.monotonic() < deadline, "it does not start:\n" + self.log()[-2000:]
            time.sleep(0.005)
