"""A Docker Engine that outlives the remediator, and counts what was really done to an app.

An action takes its time, as the real one does: it is asked for, the container stops, the container
starts. An engine before 25.0 may leave it at that when its client hangs up in between, so here
every second time it does.
"""
import json
import re
import threading
import time
import urllib.parse

import containers
import http_stub

HOST = "fake"


class Conflict(Exception):
    pass


class Engine:
    """`reached(phase, handler)` is called when something was "asked" for that changes a container,
    when that has "stopped" on the way, and when it is "done"."""

    def __init__(self, socket_path, rng, reached):
        self.apps, self.rng, self.reached = {}, rng, reached
        self.idle, self.changes = threading.Condition(), 0
        self.server = http_stub.serve(
            http_stub.UnixServer(socket_path, http_stub.Handler), self.answer)

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def add(self, app):
        self.apps[app.name] = app

    def all(self):
        return [container for app in self.apps.values() for container in app.containers]

    def find(self, name_or_id):
        return next((container for container in self.all()
                     if name_or_id in (container.name, container.id)), None)

    def answer(self, handler, method, target, body):
        url = urllib.parse.urlsplit(target)
        path = re.sub(r"^/v1\.\d+", "", url.path)
        if method == "GET":
            return self.show(path)
        query = dict(urllib.parse.parse_qsl(url.query))
        self.count_changes(1)
        try:
            return self.change(handler, method, path, query, json.loads(body or b"{}"))
        except Conflict as reason:
            return 409, {"message": str(reason)}
        finally:
            self.count_changes(-1)

    def count_changes(self, by):
        with self.idle:
            self.changes += by
            self.idle.notify_all()

    def prepared(self):
        """Made to take another one's place, and nothing has been done to that one yet. What was
        asked for by a process that is dead now has ended by then."""
        with self.idle:
            assert self.idle.wait_for(lambda: self.changes == 0, 10), "the engine is stuck"
        return [container for container in self.all() if "-selfheal-new-" in container.name]

    # ---- looks

    def show(self, path):
        known = {"/_ping": b"OK", "/info": {"Name": HOST, "ServerVersion": "20.10.24"},
                 "/images/app:1/json": {"Id": containers.IMAGE_ID}}
        path = urllib.parse.unquote(path)
        if path in known:
            return 200, known[path]
        if path == "/containers/json":
            return 200, [container.summary() for container in self.all()]
        network = re.fullmatch(r"/networks/([^/]+)", path)
        if network:
            return 200, {"Id": network[1], "Name": network[1]}
        found = re.fullmatch(r"/containers/([^/]+)/(\w+)", path)
        container = found and self.find(found[1])
        if not container:
            return 404, {"message": "no such thing"}
        if found[2] == "json":
            return 200, container.details()
        return 200, {"logs": b"\x01\0\0\0\0\0\0\x06hello\n",
                     "top": {"Titles": ["PID"], "Processes": [["1"]]},
                     "stats": {"memory_stats": {"usage": 1000, "limit": 2000}}}[found[2]]

    # ---- changes

    def change(self, handler, method, path, query, body):
        network = re.fullmatch(r"/networks/([^/]+)/connect", path)
        if network:
            container = self.find(body["Container"])
            steps = [("done", lambda: container.networks.append(network[1]))]
            return self.step_by_step(handler, steps, (200, b""))
        if path == "/containers/create":
            return self.create(handler, query["name"], body)
        found = re.fullmatch(r"/containers/([^/]+)(?:/(\w+))?", path)
        container = found and self.find(found[1])
        if not container:
            return 404, {"message": "no such container"}
        action = "remove" if method == "DELETE" else found[2]
        steps = self.steps_of(action, container, query, body)
        return self.step_by_step(handler, steps, (200, {}) if action == "update" else (204, b""))

    def steps_of(self, action, container, query, body):
        return {
            "restart": [("stopped", container.stop), ("done", container.start)],
            "stop": [("stopped", container.stop), ("done", lambda: None)],
            "kill": [("stopped", container.stop), ("done", lambda: None)],
            "start": [("done", container.start)],
            "rename": [("done", lambda: self.rename(container, query["name"]))],
            "update": [("done", lambda: container.restart_policy.update(body["RestartPolicy"]))],
            "remove": [("done", lambda: self.remove(container))],
        }[action]

    def step_by_step(self, handler, steps, answer):
        for phase, do in [("asked", lambda: None)] + steps:
            time.sleep(self.rng.uniform(0.001, 0.02))
            if handler.hung_up() and self.rng.random() < 0.5:
                return 500, {"message": "the client has hung up"}
            do()
            self.reached(phase, handler)
        return answer

    def create(self, handler, name, body):
        made = []

        def make():
            self.expect_free(name)
            app = self.apps[re.sub("-selfheal-.*", "", name)]
            networks = body["NetworkingConfig"]["EndpointsConfig"]
            made.append(containers.Container(app, name, networks))
            made[0].restart_policy = dict(body["HostConfig"]["RestartPolicy"])
            app.containers.append(made[0])
        status, answer = self.step_by_step(handler, [("done", make)], (201, {}))
        return status, {"Id": made[0].id} if made else answer

    def expect_free(self, name):
        if self.find(name):
            raise Conflict("the name %s is in use" % name)

    def rename(self, container, name):
        self.expect_free(name)
        container.name = name

    @staticmethod
    def remove(container):
        if container.status == "running":
            raise Conflict("it runs")
        container.app.containers.remove(container)
