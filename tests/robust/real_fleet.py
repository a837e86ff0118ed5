"""Containers of the real Docker Engine that come and go, by its API."""
import asyncio
import glob
import json
import os
import urllib.parse


# Seconds. When a command is run in a container (a health check, or ours) while it is being paused,
# runc waits in the frozen container, and Docker 20.10 answers nothing more for it.
PATIENCE = 30


class Refused(Exception):
    pass


class NoAnswer(Refused):
    pass


class RealFleet:
    def __init__(self, socket_path, image, run):
        self.socket_path, self.image, self.run = socket_path, image, run
        self.containers = {}  # name to id

    async def call(self, method, path, body=None):
        reader, writer = await asyncio.open_unix_connection(self.socket_path)
        try:
            text = json.dumps(body).encode() if body is not None else b""
            writer.write(f"{method} {path} HTTP/1.0\r\nHost: docker\r\nContent-Type: application/json"
                         f"\r\nContent-Length: {len(text)}\r\n\r\n".encode() + text)
            answer = await asyncio.wait_for(reader.read(), PATIENCE)
        except asyncio.TimeoutError:
            raise NoAnswer(f"{method} {path}: no answer within {PATIENCE} s")
        finally:
            writer.close()
        head, _, body = answer.partition(b"\r\n\r\n")
        status = int(head.split(b" ")[1])
        if status >= 400:
            raise Refused(f"{method} {path}: {status} {body.decode(errors='replace').strip()}")
        return json.loads(body) if body.strip().startswith((b"{", b"[")) else None

    async def add(self, name, labels, policy):
        made = await self.call("POST", "/containers/create?name=" + name, {
            "Image": self.image, "Labels": {**labels, "selfheal.test-run": self.run},
            "HostConfig": {"RestartPolicy": {"Name": policy}}})
        self.containers[name] = made["Id"]
        await self.act(name, "start")

    async def call_of(self, container, method, path):
        """What Docker gives no answer to is asked for again when runc can move on."""
        try:
            await self.call(method, f"/containers/{container}{path}")
        except NoAnswer:
            thaw(container)
            await self.call(method, f"/containers/{container}{path}")

    async def act(self, name, action, query=""):
        await self.call_of(self.containers[name], "POST", f"/{action}{query}")

    async def remove(self, name):
        await self.call_of(self.containers[name], "DELETE", "?force=true")
        del self.containers[name]

    async def listed(self):
        filters = urllib.parse.quote(json.dumps({"label": ["selfheal.test-run=" + self.run]}))
        return await self.call("GET", "/containers/json?all=1&filters=" + filters)

    async def remove_what_is_down(self):
        down = {container["Id"] for container in await self.listed()
                if container["State"] != "running"}
        for name in [name for name, container in self.containers.items() if container in down]:
            await self.remove(name)

    async def remove_all(self):
        """Also what an interrupted call may have left."""
        for container in await self.listed():
            for method, what in ("POST", "/unpause"), ("DELETE", "?force=true"):
                try:
                    await self.call_of(container["Id"], method, what)
                except Refused:
                    pass
        self.containers.clear()


def thaw(container):
    for pattern, thawed in (("*/docker/%s/freezer.state", "THAWED"), ("**/*%s*/cgroup.freeze", "0")):
        for path in glob.glob("/sys/fs/cgroup/" + pattern % container, recursive=True):
            with open(path, "w", encoding="ascii") as state:
                state.write(thawed)


def default_socket():
    host = os.environ.get("DOCKER_HOST") or "unix:///var/run/docker.sock"
    return host[len("unix://"):] if host.startswith("unix://") else None
