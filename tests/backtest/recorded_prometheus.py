"""A Prometheus of its own for a test: on a free port, with a history in its storage, and nothing to scrape."""
import os
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.request


class RecordedPrometheus:
    def __init__(self, open_metrics, promtool):
        self.folder = tempfile.mkdtemp(prefix="selfheal-backtest-test.")
        self.process = None
        try:
            self._store(open_metrics, promtool)
            self._start()
        except BaseException:
            self.stop()
            raise

    def _store(self, open_metrics, promtool):
        path = os.path.join(self.folder, "history.txt")
        with open(path, "w", encoding="utf-8") as file:
            file.writelines(open_metrics)
        subprocess.run([promtool, "tsdb", "create-blocks-from", "openmetrics", path,
                        os.path.join(self.folder, "data")], check=True, capture_output=True)

    def _start(self):
        config = os.path.join(self.folder, "prometheus.yml")
        with open(config, "w", encoding="utf-8") as file:
            file.write("global: {evaluation_interval: 5s}\n")
        for _ in range(5):  # somebody else may take the port in between
            port = free_port()
            self.url = f"http://127.0.0.1:{port}"
            with open(os.path.join(self.folder, "log"), "wb") as log:
                self.process = subprocess.Popen(
                    ["prometheus", f"--config.file={config}", f"--storage.tsdb.path={self.folder}/data",
                     "--storage.tsdb.retention.time=100y", f"--web.listen-address=127.0.0.1:{port}"],
                    stdout=log, stderr=log)
            if self._gets_ready():
                return
        with open(os.path.join(self.folder, "log"), encoding="utf-8", errors="replace") as log:
            raise AssertionError(f"Prometheus does not start:\n{log.read()}")

    def _gets_ready(self):
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.url}/-/ready", timeout=1):
                    return True
            except OSError:
                time.sleep(0.1)
        self._end_process()
        return False

    def _end_process(self):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def stop(self):
        if self.process is not None:
            self._end_process()
        shutil.rmtree(self.folder, ignore_errors=True)


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]
