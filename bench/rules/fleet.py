#!/usr/bin/env python3
"""A host with a thousand containers, as one exporter publishes it.

  fleet.py EXPORTER PORT CONTAINERS FAILING

The exporter is the real one. It watches a few stacks of a fake Docker Engine, each of nine containers
(web, api and db, which depend on each other, three replicas of each), and probes them. What it
publishes of a stack is served many times over on PORT, under other names, moment by moment: so all
its series are there, with their labels and their values. In some stacks one replica fails its probe.
"""
import asyncio
import os
import signal
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../tests/robust"))

from exporter_process import ExporterProcess
from fake_fleet import FakeFleet

CONFIG = "defaults: {interval: 5s, start_period: 0s}\n"
TIERS = {"web": "api:service_healthy:false", "api": "db:service_healthy:false", "db": ""}
REPLICAS = 3
STACK_SIZE = len(TIERS) * REPLICAS
# Names that no other word of an exposition contains.
HEALTHY, BROKEN = "stackhealthy", "stackbroken"


async def answer_probes(reader, writer, status):
    try:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 %d X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n" % status)
        await writer.drain()
    except (OSError, asyncio.IncompleteReadError):
        pass
    writer.close()


async def start_targets(status):
    """On all addresses: each fake container has one of 127.0.0.0/8."""
    server = await asyncio.start_server(lambda *ends: answer_probes(*ends, status), "0.0.0.0", 0)
    return server.sockets[0].getsockname()[1]


def add_stack(engine, project, good_port, bad_port):
    for service, depends_on in TIERS.items():
        for replica in range(1, REPLICAS + 1):
            broken = project == BROKEN and (service, replica) == ("web", 2)
            engine.add(f"{project}-{service}-{replica}", "well", {
                "selfheal.enable": "true", "selfheal.memory": "true" if service == "db" else "false",
                "selfheal.probe": f"http://:{bad_port if broken else good_port}/health",
                "com.docker.compose.project": project, "com.docker.compose.service": service,
                "com.docker.compose.depends_on": depends_on})


async def serve_engine(engine, reader, writer):
    try:
        await engine.serve(reader, writer)
    except (OSError, asyncio.IncompleteReadError):
        pass
    writer.close()


class Multiplied:
    """The exporter's page with each stack as often as it is wanted."""

    def __init__(self, exporter, copies):
        self.exporter = exporter
        self.copies = copies  # of each stack's name

    async def page(self):
        rest, of_stack = [], {name: [] for name in self.copies}
        for line in (await self.exporter.get("/metrics")).splitlines(keepends=True):
            stack = next((name for name in self.copies if name in line), None)
            (of_stack[stack] if stack else rest).append(line)
        for name, lines in of_stack.items():
            text = "".join(lines)
            rest += [text.replace(name, f"shop-{name[5:]}-{copy}") for copy in range(self.copies[name])]
        return "".join(rest).encode()

    async def serve(self, reader, writer):
        try:
            await reader.readuntil(b"\r\n\r\n")
            page = await self.page()
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\n"
                         b"Connection: close\r\nContent-Length: %d\r\n\r\n" % len(page) + page)
            await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass
        writer.close()


async def run(exporter_program, port, containers, failing):
    ended = asyncio.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, ended.set)
    engine = FakeFleet()
    good_port, bad_port = await start_targets(200), await start_targets(503)
    for project in (HEALTHY, BROKEN):
        add_stack(engine, project, good_port, bad_port)
    with tempfile.TemporaryDirectory() as folder:
        docker, config = os.path.join(folder, "docker.sock"), os.path.join(folder, "exporter.yml")
        with open(config, "w", encoding="utf-8") as file:
            file.write(CONFIG)
        await asyncio.start_unix_server(lambda *ends: serve_engine(engine, *ends), docker)
        exporter = ExporterProcess(exporter_program, docker, config, os.path.join(folder, "log"))
        await exporter.start()
        try:
            stacks = -(-containers // STACK_SIZE)
            fleet = Multiplied(exporter, {HEALTHY: stacks - failing, BROKEN: failing})
            await asyncio.start_server(fleet.serve, "127.0.0.1", port)
            await ended.wait()
        finally:
            exporter.process.kill()
            await exporter.process.wait()


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    asyncio.run(run(sys.argv[1], *(int(argument) for argument in sys.argv[2:])))
