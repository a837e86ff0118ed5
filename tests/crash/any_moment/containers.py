"""Apps that are broken, and the containers that they run in: one each, but while one is replaced."""
import hashlib
import threading
import time

LONG_AGO = 3600 * 10**9
NEVER = "0001-01-01T00:00:00Z"
IMAGE_ID = "sha256:" + hashlib.sha256(b"app").hexdigest()


def rfc3339(ns):
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(ns // 10**9)) + ".%09dZ" % (ns % 10**9)


class App:
    def __init__(self, name, heals_at, labels=None, dies=False, runs=True, shares=None):
        """It is broken, or does not run; start number `heals_at` mends it, none where that is None.
        One that `dies` exits after each start. It lives in the network of the app `shares`."""
        self.name, self.heals_at, self.dies, self.shares = name, heals_at, dies, shares
        self.labels = {"selfheal.enable": "true", "selfheal.stop-timeout": "0",
                       "selfheal.start-period": "0s", "selfheal.interval": "100ms", **(labels or {})}
        self.starts = []  # when, in ns, in whichever container, since it broke first
        first = Container(self, name, ("front", "back"))
        first.created_at = first.started_at = time.time_ns() - LONG_AGO
        first.finished_at = time.time_ns() - LONG_AGO // 2
        first.status = "running" if runs else "exited"
        self.containers = [first]

    def healthy(self):
        return self.heals_at is not None and len(self.starts) >= self.heals_at

    def breaks_again(self):
        self.heals_at = len(self.starts) + 1

    def network_mode(self):
        return "container:" + self.shares.containers[0].id if self.shares else "front"

    def runs(self):
        """In the one container that there should be."""
        return [(container.name, container.status) for container in self.containers] == \
            [(self.name, "running")]


class Container:
    count = 0

    def __init__(self, app, name, networks):
        Container.count += 1
        self.id = hashlib.sha256(b"%d" % Container.count).hexdigest()
        self.app, self.name, self.networks = app, name, list(networks)
        self.lock = threading.Lock()
        self.status, self.created_at = "created", time.time_ns()
        self.started_at = self.finished_at = None
        self.restart_policy = {"Name": "always", "MaximumRetryCount": 0}

    def stop(self):
        with self.lock:
            if self.status == "running":
                self.status, self.finished_at = "exited", time.time_ns()

    def start(self):
        with self.lock:
            if self.status == "running":
                return
            self.started_at = time.time_ns()
            self.app.starts.append(self.started_at)
            self.status = "running"
            if self.app.dies:
                self.status, self.finished_at = "exited", self.started_at + 1

    def summary(self):
        return {"Id": self.id, "Names": ["/" + self.name], "State": self.status,
                "Labels": self.app.labels, "HostConfig": {"NetworkMode": self.app.network_mode()}}

    def details(self):
        with self.lock:
            health = "healthy" if self.app.healthy() else "unhealthy"
            return {
                "Id": self.id, "Name": "/" + self.name, "Created": rfc3339(self.created_at),
                "Path": "app", "Args": [], "RestartCount": 0, "Image": IMAGE_ID,
                "State": {"Status": self.status, "ExitCode": 0, "OOMKilled": False,
                          "StartedAt": rfc3339(self.started_at) if self.started_at else NEVER,
                          "FinishedAt": rfc3339(self.finished_at) if self.finished_at else NEVER,
                          "Health": {"Status": health, "Log": []}},
                "Config": {"Image": "app:1", "Labels": self.app.labels, "Env": ["A=b"],
                           "Healthcheck": {"Test": ["CMD", "true"]}},
                "HostConfig": {"NetworkMode": self.app.network_mode(),
                               "RestartPolicy": self.restart_policy},
                "NetworkSettings": {"Ports": {}, "Networks": {name: {} for name in self.networks}}}
