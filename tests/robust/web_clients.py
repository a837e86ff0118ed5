"""Clients that sit on the web server's connections: half say nothing, half drip their request."""
import asyncio


class WebClients:
    """`count` of them, each back as soon as it is thrown out."""

    def __init__(self, count):
        self.count = count
        self.tasks = []

    def start(self, port):
        self.tasks = [asyncio.ensure_future(self.sit(port, drips=number % 2 == 0))
                      for number in range(self.count)]

    async def sit(self, port, drips):
        while True:
            try:
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.5)
                continue
            try:
                thrown_out = asyncio.ensure_future(reader.read())
                request = iter(b"GET /metrics HTTP/1.1\r\nHost: exporter\r\nX-Patience: " + b"x" * 10_000)
                while not thrown_out.done():
                    if drips:
                        writer.write(bytes([next(request)]))
                    await asyncio.wait([thrown_out], timeout=1)
                thrown_out.exception()  # however it was
            finally:
                thrown_out.cancel()
                writer.close()

    async def stop(self):
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        self.tasks = []
