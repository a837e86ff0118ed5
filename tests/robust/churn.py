#!/usr/bin/env python3
"""Containers come and go, targets and Docker's socket misbehave, and the exporter must not mind.

  churn.py EXPORTER [--seconds 30] [--fake 500] [--real 40] [--image IMAGE] [--seed N] [--slack 1]

One exporter watches a fake Docker Engine with hundreds of containers, whose targets hang, reset,
drip, send a gigabyte, redirect for ever and present broken TLS; another one watches the real engine.
Both engines' sockets stall, close, cut answers short, answer garbage, and come back. Meanwhile 48
idle or dripping clients sit on the web port, people look at its pages, probes are asked for, and the
configuration is reloaded. Then all is quiet, and it must show: every container that lives is there
and probed within its interval, none that is gone is, a scrape takes less than a second; once all are
gone no series and no descriptor is left behind; the exit status is 0 and no sanitizer has reported.
"""
import argparse
import asyncio
import json
import os
import random
import signal
import sys
import tempfile
import time
import urllib.parse

import bad_servers
from exporter_process import ExporterProcess
from fake_fleet import FakeFleet
from real_fleet import RealFleet, Refused, default_socket
from unreliable_socket import UnreliableSocket, relay
from web_clients import WebClients

INTERVAL = 2.0
TIMEOUT = 0.5
RESYNC = 5
CONFIG = f"""
defaults: {{interval: {INTERVAL:g}s, edge_interval: 500ms, timeout: {TIMEOUT * 1000:g}ms, start_period: 0s}}
docker: {{resync_interval: {RESYNC}s}}
"""
# All three are stretched by --slack, for sanitizers and busy machines.
LATENESS = 1.0  # of a probe
# After a stall a request may wait for its timeout, then the list is asked for again.
CONVERGENCE = 40.0
SLOWEST_SCRAPE = 1.0
SLACK = 1.0
SQUATTERS = 48
KEPT_CONNECTIONS = 8  # to Docker, for the next call: curl_multi.cpp
WELL = ("well", "tcp-well", "real")
BAD = ("error", "reset", "redirect", "broken-tls", "refused", "dns-refused", "garbage", "hang",
       "drip", "grpc-hang", "grpc-garbage")
MODULES = ("http_2xx", "tcp_connect", "icmp", "no_such_module")


async def all_or_none(work):
    """Waits for all; when one fails, the others have ended before the fault is raised."""
    tasks = [asyncio.ensure_future(one) for one in work]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class Fake:
    """The exporter before the fake engine, and what happens there."""

    def __init__(self, folder, program, count):
        self.fleet, self.count, self.named, self.prefix = FakeFleet(), count, 0, "churn-"
        self.socket = UnreliableSocket(os.path.join(folder, "fake.sock"), self.fleet.serve)
        self.exporter = ExporterProcess(program, self.socket.path, os.path.join(folder, "config"),
                                        os.path.join(folder, "fake.log"))

    async def start(self):
        self.urls, self.servers = await bad_servers.start()
        self.on_demand = [url.replace("://:", "://127.0.0.1:") for url in self.urls.values()
                          if "://" in url]
        self.urls["docker"] = "docker:"
        self.urls["exec"] = "exec:check it"
        await self.socket.start()

    def add(self):
        kind = random.choice(list(self.urls) + ["well"] * 10)
        labels = {"selfheal.enable": "true", "selfheal.probe": self.urls[kind]}
        if random.random() < 0.1:
            labels["selfheal.memory"] = "true"
        if random.random() < 0.2:
            labels["selfheal.depends-on"] = "churn-%d" % random.randrange(self.named + 1)
        # Some come back under a name that was there before.
        taken = {container.name for container in self.fleet.containers.values()}
        name = "churn-%d" % random.randrange(self.named + 1)
        if name in taken or random.random() < 0.7:
            self.named += 1
            name = "churn-%d" % self.named
        self.fleet.add(name, kind, labels)

    def something_happens(self):
        fleet = self.fleet
        if len(fleet.containers) < self.count * random.uniform(0.8, 1.0):
            return self.add()
        container = random.choice(list(fleet.containers.values()))
        event = random.random()
        if event < 0.3:
            fleet.remove(container)
        elif event < 0.6 and container.state == "running":
            fleet.die(container, random.random() < 0.5, random.choice((0, 1, 137)))
        elif event < 0.8 and container.state == "exited":
            container.restarts += random.randrange(2)
            fleet.start(container)
        else:
            container.healthy = not container.healthy
            fleet.tell(container, "health_status: " + ("healthy" if container.healthy else "unhealthy"))

    def flood(self):
        """Thousands of events at once, of a few containers."""
        some = list(self.fleet.containers.values())
        for container in random.sample(some, min(20, len(some))):
            for _ in range(200):
                self.fleet.tell(container, random.choice(("start", "update", "health_status: healthy")))

    async def churn(self, end):
        while time.monotonic() < end:
            for _ in range(random.choice((1, 5, 20))):
                self.something_happens()
            if random.random() < 0.01:
                self.flood()
            await asyncio.sleep(0.05)

    def quiet(self):
        """What stopped, starts again; the names of those that must be probed, with their kinds."""
        for container in self.fleet.containers.values():
            if container.state == "exited":
                self.fleet.start(container)
        return {container.name: container.kind for container in self.fleet.containers.values()}

    async def clear(self):
        for container in list(self.fleet.containers.values()):
            self.fleet.remove(container)


class Real:
    """The exporter before the real engine, by a socket that misbehaves."""

    def __init__(self, folder, program, count, image):
        self.docker = default_socket()
        run = os.environ.get("SELFHEAL_TEST_RUN", "robust-%d" % os.getpid())
        self.fleet, self.count, self.named = RealFleet(self.docker, image, run), count, 0
        self.busy = set()  # containers that something is being done to
        self.prefix = "churn-%d-" % os.getpid()
        self.socket = UnreliableSocket(os.path.join(folder, "real.sock"),
                                       lambda reader, writer: relay(self.docker, reader, writer))
        self.exporter = ExporterProcess(program, self.socket.path, os.path.join(folder, "config"),
                                        os.path.join(folder, "real.log"))

    async def start(self):
        self.on_demand = ["http://127.0.0.1:1/", "localhost:1", "no-such-name.invalid"]
        await self.socket.start()

    async def add(self):
        self.named += 1
        labels = {"selfheal.enable": "true", "selfheal.probe": random.choice((
            "http://:8080/health", "tcp://:8080", "docker:", "exec:/sample-app --healthcheck"))}
        if random.random() < 0.3:
            labels["selfheal.memory"] = "true"
        await self.fleet.add(self.prefix + str(self.named), labels, random.choice(("no", "always")))

    async def something_happens(self):
        if len(self.fleet.containers) < self.count * random.uniform(0.8, 1.0):
            return await self.add()
        # One at a time for each: Docker 20.10 locks up over a container paused while it is stopped.
        idle = [name for name in self.fleet.containers if name not in self.busy]
        if not idle:
            return
        name = random.choice(idle)
        self.busy.add(name)
        try:
            await self.act_on(name)
        finally:
            self.busy.discard(name)

    async def act_on(self, name):
        action, query = random.choice((("restart", "?t=0"), ("kill", ""), ("stop", "?t=0"),
                                       ("start", ""), ("pause", ""), ("unpause", ""), ("rm", "")))
        if action == "rm":
            return await self.fleet.remove(name)
        await self.fleet.act(name, action, query)

    async def churn(self, end):
        async def one():
            while time.monotonic() < end:
                try:
                    await self.something_happens()
                except (Refused, KeyError, OSError):
                    pass  # not in this state, or another one was quicker
                await asyncio.sleep(0.05)
        await all_or_none(one() for _ in range(4))

    async def quiet(self):
        for name in list(self.fleet.containers):
            for action in ("unpause", "start"):
                try:
                    await self.fleet.act(name, action)
                except Refused:
                    pass
        # One that was thawed by hand Docker takes for paused for good.
        await self.fleet.remove_what_is_down()
        return {name: "real" for name in self.fleet.containers}

    async def clear(self):
        await self.fleet.remove_all()


async def moods(unreliable, end):
    while time.monotonic() < end:
        await asyncio.sleep(random.uniform(2, 6))
        await unreliable.become(random.choice(UnreliableSocket.MOODS))
        await asyncio.sleep(random.uniform(0.2, 2))
        await unreliable.become("well")


async def watch(side, end, highest):
    while time.monotonic() < end:
        await asyncio.sleep(1)
        assert side.exporter.alive(), "the exporter has died:\n" + side.exporter.log()[-3000:]
        await side.exporter.scrape()
        highest.append(side.exporter.resident_mib())


async def visit(side, end):
    """What people and a Prometheus of the blackbox_exporter's kind ask for."""
    async def one():
        while time.monotonic() < end:
            target = urllib.parse.quote(random.choice(side.on_demand), safe="")
            path = random.choice(("/", "/api/v1/targets", "/config", "/logs?id=1",
                                  f"/probe?target={target}&module={random.choice(MODULES)}",
                                  f"/probe?target={target}&debug=true"))
            await side.exporter.get(path, timeout=30 * SLACK)
            if random.random() < 0.1:
                side.exporter.reload()
            await asyncio.sleep(random.uniform(0, 0.5))
    await all_or_none(one() for _ in range(4))


async def eventually(what, condition, limit):
    end = time.monotonic() + limit
    while True:
        fault = await condition()
        if not fault:
            return
        assert time.monotonic() < end, f"{what}: {fault}"
        await asyncio.sleep(0.5)


async def scrapes_are_quick(exporter):
    slowest = max([await exporter.scrape() for _ in range(5)])
    assert slowest < SLOWEST_SCRAPE * SLACK, f"a scrape took {slowest:.2f} s"


async def all_are_probed(exporter, living, prefix):
    """Each probe has been made anew within its interval, and its timeout where it has to wait."""
    async def no_difference():
        running = await exporter.series("selfheal_container_state", 'state="running"')
        seen = {name for name in running if name.startswith(prefix)}
        asleep = [name for name in living if running.get(name) == 0]
        if seen == set(living) and asleep:
            return f"taken for stopped: {asleep[:5]}"
        return "missing %s, left over %s" % (sorted(set(living) - seen)[:5],
                                             sorted(seen - set(living))[:5]) \
            if seen != set(living) else ""
    await eventually("after the churn", no_difference, CONVERGENCE * SLACK)
    before = await exporter.series("selfheal_probe_attempts_total")
    await asyncio.sleep(INTERVAL + TIMEOUT + LATENESS * SLACK)
    after = await exporter.series("selfheal_probe_attempts_total")
    stuck = [f"{name} ({kind})" for name, kind in living.items()
             if after.get(name, 0) <= before.get(name, 0)]
    assert not stuck, f"{len(stuck)} of {len(living)} not probed within their interval: {stuck[:10]}"

    async def no_wrong_verdict():
        passed = await exporter.series("selfheal_probe_success")
        wrong = [(name, kind) for name, kind in living.items()
                 if kind in WELL and passed.get(name) != 1 or kind in BAD and passed.get(name) != 0]
        return f"wrong verdicts: {wrong[:10]}" if wrong else ""
    await eventually("after the churn", no_wrong_verdict, CONVERGENCE * SLACK)


async def nothing_is_left(side, descriptors):
    async def no_series():
        left = await side.exporter.series("selfheal_container_info")
        left.update(await side.exporter.series("selfheal_probe_success"))
        ours = [name for name in left if name.startswith(side.prefix)]
        return f"series of {sorted(ours)[:5]}" if ours else ""
    await eventually("all containers are gone", no_series, CONVERGENCE * SLACK)

    async def no_descriptors():
        now = side.exporter.descriptors()
        return f"{now} descriptors, {descriptors} allowed" if now > descriptors else ""
    await eventually("all containers are gone", no_descriptors, CONVERGENCE * SLACK)


async def run_side(side, seconds):
    report, squatters = {}, WebClients(SQUATTERS)
    try:
        await side.start()
        await side.exporter.start()

        async def ready():
            return "" if (await side.exporter.get("/-/ready")).startswith("ready") else "not ready"
        await eventually("at the start", ready, 30 * SLACK)
        await asyncio.sleep(1)
        descriptors = side.exporter.descriptors()
        resident = []
        end = time.monotonic() + seconds
        squatters.start(side.exporter.port)
        await all_or_none([side.churn(end), moods(side.socket, end), visit(side, end),
                           watch(side, end + 0.1, resident)])
        await side.socket.become("well")
        living = side.quiet()
        living = await living if asyncio.iscoroutine(living) else living
        report["containers"] = len(living)
        report["cpu seconds"] = round(side.exporter.cpu_seconds(), 1)
        await all_are_probed(side.exporter, living, side.prefix)
        await scrapes_are_quick(side.exporter)
        await squatters.stop()
        await side.clear()
        await nothing_is_left(side, descriptors + KEPT_CONNECTIONS)
        half = len(resident) // 2
        report["resident MiB"] = {"first half": round(max(resident[:half]), 1),
                                  "second half": round(max(resident[half:]), 1),
                                  "at the end": round(side.exporter.resident_mib(), 1)}
        report["descriptors"] = {"before": descriptors, "after": side.exporter.descriptors()}
        report["slowest scrape s"] = round(side.exporter.slowest_scrape, 2)
        status = await side.exporter.stop(60 * SLACK)
        assert status == 0, f"exit status {status}"
        reports = side.exporter.sanitizer_reports()
        assert not reports, "\n" + reports
    finally:
        await squatters.stop()
        await side.exporter.kill()
        await side.clear()
        await side.socket.become("closed")
    return report


async def main():
    options = argparse.ArgumentParser()
    options.add_argument("exporter")
    options.add_argument("--seconds", type=float, default=30)
    options.add_argument("--fake", type=int, default=500)
    options.add_argument("--real", type=int, default=40)
    options.add_argument("--image", default=os.environ.get("SELFHEAL_TEST_IMAGE") or
                         "selfheal.invalid/sample-app:dev")
    options.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    options.add_argument("--slack", type=float, default=1)
    options = options.parse_args()
    random.seed(options.seed)
    global SLACK
    SLACK = options.slack
    print(f"seed {options.seed}", flush=True)
    # An interrupt cleans up as well.
    this = asyncio.current_task()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, this.cancel)
    with tempfile.TemporaryDirectory(prefix="churn.") as folder:
        with open(os.path.join(folder, "config"), "w", encoding="ascii") as config:
            config.write(CONFIG)
        sides = {}
        if options.fake:
            sides["fake"] = Fake(folder, options.exporter, options.fake)
        if options.real and default_socket():
            sides["real"] = Real(folder, options.exporter, options.real, options.image)
        reports = await asyncio.gather(*(run_side(side, options.seconds) for side in sides.values()),
                                       return_exceptions=True)
        for name, report in zip(sides, reports):
            fault = isinstance(report, BaseException)
            print(name, "FAILED: " + (str(report) or repr(report)) if fault else json.dumps(report))
            if fault:
                print("the end of its log:\n" + sides[name].exporter.log()[-2000:])
    return 1 if any(isinstance(report, BaseException) for report in reports) else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
