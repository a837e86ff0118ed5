"""The exporter as a process of its own: started, scraped, looked at from outside, stopped."""
import asyncio
import os
import re
import signal
import time


class ExporterProcess:
    def __init__(self, program, docker_socket, config, log_path):
        self.command = [program, "--docker.host=unix://" + docker_socket, "--config.file=" + config,
                        "--web.listen-address=127.0.0.1:0"]
        self.log_path = log_path
        self.process = None
        self.slowest_scrape = 0.0

    async def start(self):
        log = open(self.log_path, "wb")
        self.process = await asyncio.create_subprocess_exec(*self.command, stdout=log, stderr=log)
        for _ in range(300):
            listening = re.search(r"msg=listening address=127\.0\.0\.1:(\d+)", self.log())
            if listening:
                self.port = int(listening[1])
                return
            await asyncio.sleep(0.1)
        raise AssertionError("the exporter did not start:\n" + self.log())

    def log(self):
        if not os.path.exists(self.log_path):
            return ""
        with open(self.log_path, encoding="utf-8", errors="replace") as log:
            return log.read()

    def alive(self):
        return self.process.returncode is None

    async def get(self, path, timeout=30):
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            writer.write(f"GET {path} HTTP/1.0\r\nHost: exporter\r\n"
                         f"X-Prometheus-Scrape-Timeout-Seconds: {timeout / 4}\r\n\r\n".encode())
            answer = await asyncio.wait_for(reader.read(), timeout)
        except asyncio.TimeoutError as error:
            raise AssertionError(f"no answer to {path} within {timeout} s") from error
        finally:
            writer.close()
        assert answer.startswith(b"HTTP/1."), f"{path} answered with {answer[:200]}"
        return answer.partition(b"\r\n\r\n")[2].decode()

    async def scrape(self):
        """How long it took."""
        begun = time.monotonic()
        await self.get("/metrics")
        took = time.monotonic() - begun
        self.slowest_scrape = max(self.slowest_scrape, took)
        return took

    def reload(self):
        self.process.send_signal(signal.SIGHUP)

    async def series(self, name, label=""):
        """The values of one family by container, of those series that have the label."""
        found = {}
        for line in (await self.get("/metrics")).splitlines():
            if line.startswith(name + "{") and label in line:
                container = re.search(r'[{,]container="([^"]*)"', line)
                if container:
                    found[container[1]] = float(line.rsplit(" ", 1)[1])
        return found

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def resident_mib(self):
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as status:
            return int(re.search(r"VmRSS:\s+(\d+)", status.read())[1]) / 1024

    def cpu_seconds(self):
        with open(f"/proc/{self.process.pid}/stat", encoding="ascii") as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def sanitizer_reports(self):
        found = re.search(r"Sanitizer|runtime error:", self.log())
        return self.log()[max(0, found.start() - 200):found.start() + 8000] if found else ""

    async def kill(self):
        """Whether it was started or has ended by itself, it is gone."""
        if self.process and self.alive():
            self.process.kill()
            await self.process.wait()

    async def stop(self, timeout):
        """The exit status."""
        self.process.terminate()
        return await asyncio.wait_for(self.process.wait(), timeout)
