"""Containers of the real Docker Engine that come and go, by its API."""
import asyncio
import json
import os
import urllib.parse


# Seconds. Docker 20.10 may never answer for a container that is paused while it is stopped.
PATIENCE = 60


class Refused(Exception):
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
            raise Refused(f"{method} {path}: no answer within {PATIENCE} s")
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

    async def act(self, name, action, query=""):
        await self.call("POST", f"/containers/{self.containers[name]}/{action}{query}")

    async def remove(self, name):
        await self.call("DELETE", f"/containers/{self.containers.pop(name)}?force=true")

    async def remove_all(self):
        """Also what an interrupted call may have left."""
        filters = urllib.parse.quote(json.dumps({"label": ["selfheal.test-run=" + self.run]}))
        for container in await self.call("GET", "/containers/json?all=1&filters=" + filters):
            for method, what in ("POST", "/unpause"), ("DELETE", "?force=true"):
                try:
                    await self.call(method, f"/containers/{container['Id']}{what}")
                except Refused:
                    pass
        self.containers.clear()


def default_socket():
    host = os.environ.get("DOCKER_HOST") or "unix:///var/run/docker.sock"
    return host[len("unix://"):] if host.startswith("unix://") else None
