"""A Docker Engine that outlives the remediator, and counts what was really done to a container.

An action takes its time, as the real one does: it is asked for, the container stops, the container
starts. An engine before 25.0 may leave it at that when its client hangs up in between, so here
every second time it does.
"""
import re
import threading
import time

import http_stub

HOST = "fake"
LONG_AGO = 3600 * 10**9


def rfc3339(ns):
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(ns // 10**9)) + ".%09dZ" % (ns % 10**9)


class Container:
    count = 0

    def __init__(self, name, heals_at, labels=None, dies=False, runs=True):
        """It is broken, or does not run; start number `heals_at` mends it, none where that is None.
        One that `dies` exits after each start."""
        Container.count += 1
        self.id = "%064x" % (Container.count * 7919)
        self.name, self.heals_at, self.dies = name, heals_at, dies
        self.labels = {"selfheal.enable": "true", "selfheal.stop-timeout": "0",
                       "selfheal.start-period": "0s", "selfheal.interval": "100ms", **(labels or {})}
        self.lock = threading.Lock()
        self.running, self.finished_at = runs, time.time_ns() - LONG_AGO // 2
        self.started_at = self.created_at = time.time_ns() - LONG_AGO
        self.starts = []  # when, in ns, since it broke first

    def healthy(self):
        return self.heals_at is not None and len(self.starts) >= self.heals_at

    def breaks_again(self):
        with self.lock:
            self.heals_at = len(self.starts) + 1

    def stop(self):
        with self.lock:
            if self.running:
                self.running, self.finished_at = False, time.time_ns()

    def start(self):
        with self.lock:
            if self.running:
                return
            self.started_at = time.time_ns()
            self.starts.append(self.started_at)
            self.running = not self.dies
            if self.dies:
                self.finished_at = self.started_at + 1

    def details(self):
        with self.lock:
            status = "running" if self.running else "exited"
            health = "healthy" if self.healthy() else "unhealthy"
            return {
                "Id": self.id, "Name": "/" + self.name, "Created": rfc3339(self.created_at),
                "Path": "app", "Args": [], "RestartCount": 0,
                "State": {"Status": status, "ExitCode": 0, "OOMKilled": False,
                          "StartedAt": rfc3339(self.started_at),
                          "FinishedAt": rfc3339(self.finished_at),
                          "Health": {"Status": health, "Log": []}},
                "Config": {"Image": "fake", "Labels": self.labels, "Env": ["A=b"],
                           "Healthcheck": {"Test": ["CMD", "true"]}},
                "HostConfig": {"NetworkMode": "bridge"},
                "NetworkSettings": {"Networks": {}, "Ports": {}}}


class Engine:
    """`reached(phase, handler)` is called when an action was "asked" for, when the container has
    "stopped", and when it is "done"."""

    def __init__(self, socket_path, rng, reached):
        self.containers, self.rng, self.reached = {}, rng, reached
        self.server = http_stub.serve(
            http_stub.UnixServer(socket_path, http_stub.Handler), self.answer)

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def add(self, container):
        self.containers[container.name] = self.containers[container.id] = container

    def answer(self, handler, method, target, _body):
        path = re.sub(r"^/v1\.\d+", "", target.partition("?")[0])
        if path == "/_ping":
            return 200, b"OK"
        if path == "/info":
            return 200, {"Name": HOST, "ServerVersion": "20.10.24"}
        found = re.fullmatch(r"/containers/([^/]+)/(\w+)", path)
        container = found and self.containers.get(found[1])
        if not container:
            return 404, {"message": "no such container"}
        return self.of_container(handler, method, container, found[2])

    def of_container(self, handler, method, container, what):
        if (method, what) == ("GET", "json"):
            return 200, container.details()
        if method == "POST":
            return self.act(handler, container, what)
        if what == "logs":
            return 200, b"\x01\0\0\0\0\0\0\x06hello\n"
        if what == "top":
            return 200, {"Titles": ["PID"], "Processes": [["1"]]}
        if what == "stats":
            return 200, {"memory_stats": {"usage": 1000, "limit": 2000}}
        return 404, {"message": "page not found"}

    def act(self, handler, container, action):
        phases = {"restart": (("stopped", container.stop), ("done", container.start)),
                  "kill": (("stopped", container.stop),), "start": (("done", container.start),)}
        for phase, do in (("asked", lambda: None),) + phases[action]:
            time.sleep(self.rng.uniform(0.001, 0.02))
            if handler.hung_up() and self.rng.random() < 0.5:
                return 500, {"message": "the client has hung up"}
            do()
            self.reached(phase, handler)
        return 204, b""
