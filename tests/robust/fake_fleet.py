"""A Docker Engine with hundreds of containers that come and go, as far as the exporter can tell."""
import asyncio
import json
import random
import time
import urllib.parse


def rfc3339(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds)) + ".%09dZ" % (seconds % 1 * 1e9)


class Container:
    count = 0

    def __init__(self, name, kind, labels, address):
        Container.count += 1
        self.id = "%064x" % (Container.count * 7919)
        self.name, self.kind, self.labels, self.address = name, kind, labels, address
        self.state, self.exit_code, self.restarts = "created", 0, 0
        self.started_at = self.finished_at = 0.0
        self.healthy = True
        self.born = time.monotonic()

    def summary(self):
        return {"Id": self.id, "Names": ["/" + self.name], "State": self.state,
                "Labels": self.labels}

    def details(self):
        zero = "0001-01-01T00:00:00Z"
        verdict = "healthy" if self.healthy else "unhealthy"
        return {
            "Id": self.id, "Name": "/" + self.name, "RestartCount": self.restarts,
            "State": {"Status": self.state, "ExitCode": self.exit_code, "OOMKilled": False,
                      "StartedAt": rfc3339(self.started_at) if self.started_at else zero,
                      "FinishedAt": rfc3339(self.finished_at) if self.finished_at else zero,
                      "Health": {"Status": verdict, "Log": [{"ExitCode": 1, "Output": "no\n"}]}},
            "Config": {"Image": "fake", "Labels": self.labels,
                       "Healthcheck": {"Test": ["CMD", "true"]}},
            "HostConfig": {"NetworkMode": "bridge"},
            "NetworkSettings": {"Networks": {"bridge": {"IPAddress": self.address}}, "Ports": {}},
        }


class FakeFleet:
    def __init__(self):
        self.containers = {}  # by id
        self.streams = set()  # queues of event lines
        self.recent = []  # (nanoseconds, line), the last 256, as Docker keeps them
        self.execs = {}

    # ---- what happens to containers

    def add(self, name, kind, labels):
        address = "127.%d.%d.%d" % tuple(random.randrange(1, 250) for _ in range(3))
        container = Container(name, kind, labels, address)
        self.containers[container.id] = container
        self.tell(container, "create")
        self.start(container)
        return container

    def start(self, container):
        container.state, container.started_at = "running", time.time()
        self.tell(container, "start")

    def die(self, container, asked, exit_code):
        if asked:
            self.tell(container, "kill", {"signal": "15"})
        container.state, container.finished_at = "exited", time.time()
        container.exit_code = exit_code
        self.tell(container, "die", {"exitCode": str(exit_code)})

    def remove(self, container):
        if container.state == "running":
            self.die(container, True, 137)
        del self.containers[container.id]
        self.tell(container, "destroy")

    def tell(self, container, action, attributes=None):
        now = time.time_ns()
        line = json.dumps({"Type": "container", "Action": action, "timeNano": now, "Actor": {
            "ID": container.id,
            "Attributes": {"name": container.name, **container.labels, **(attributes or {})}}})
        self.recent = self.recent[-255:] + [(now, line)]
        for queue in self.streams:
            queue.put_nowait(line)

    # ---- the API

    async def serve(self, reader, writer):
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            method, target = head.split(" ", 2)[:2]
            length = next((int(line.split(":")[1]) for line in head.split("\r\n")
                           if line.lower().startswith("content-length:")), 0)
            body = await reader.readexactly(length)
            url = urllib.parse.urlsplit(target)
            path = url.path.split("/", 2)[2] if url.path.startswith("/v1") else url.path[1:]
            if path == "events":
                return await self.stream(urllib.parse.parse_qs(url.query), writer)
            if path.startswith("exec/") and path.endswith("/start"):
                return await self.run_exec(path.split("/")[1], writer)
            status, answer = self.answer(method, path, body)
            text = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
            writer.write(b"HTTP/1.1 %d X\r\nApi-Version: 1.41\r\nContent-Length: %d\r\n\r\n" %
                         (status, len(text)) + text)
            await writer.drain()

    def answer(self, method, path, body):
        if path == "_ping":
            return 200, b"OK"
        if path == "info":
            return 200, {"Name": "fake", "ServerVersion": "20.10"}
        if path == "containers/json":
            return 200, [container.summary() for container in self.containers.values()]
        parts = path.split("/")
        if parts[0] == "exec" and parts[1] in self.execs:
            return 200, self.execs[parts[1]]
        container = self.containers.get(parts[1]) if parts[0] == "containers" else None
        if container is None:
            return 404, {"message": "no such container"}
        if parts[2] == "exec":
            if container.state != "running":
                return 409, {"message": "container is not running"}
            self.execs["e%d" % len(self.execs)] = {"Running": False, "ExitCode": None}
            return 201, {"Id": "e%d" % (len(self.execs) - 1)}
        if parts[2] == "stats":
            return 200, {"memory_stats": {"usage": 1000, "limit": 2000}}
        return 200, container.details()

    async def run_exec(self, exec_id, writer):
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        state = self.execs[exec_id]
        state["Running"] = True
        output = random.choice((b"", b"fine\n", b"x" * 1_000_000))
        writer.write(b"\x01\0\0\0" + len(output).to_bytes(4, "big") + output)
        await writer.drain()
        await asyncio.sleep(random.choice((0, 0, 0.05, 2)))
        state.update(Running=False, ExitCode=random.choice((0, 0, 1, 127)))

    async def stream(self, query, writer):
        since, until = (int(float(query[key][0]) * 1e9) if key in query else 0
                        for key in ("since", "until"))
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        queue = asyncio.Queue()
        for time_ns, line in self.recent:
            if since and time_ns >= since:
                queue.put_nowait(line)
        if not until:
            self.streams.add(queue)
        try:
            while not (until and queue.empty()):
                line = (await queue.get()).encode() + b"\n"
                writer.write(b"%x\r\n" % len(line) + line + b"\r\n")
                await writer.drain()
            writer.write(b"0\r\n\r\n")
            await writer.drain()
        finally:
            self.streams.discard(queue)
