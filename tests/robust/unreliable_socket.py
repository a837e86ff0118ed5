"""A unix socket that stalls, closes, cuts answers short, answers garbage, and comes back."""
import asyncio
import contextlib
import os


class UnreliableSocket:
    """Hands connections to `serve(reader, writer)` while all is well."""

    MOODS = ("stall", "closed", "cut", "garbage")

    def __init__(self, path, serve):
        self.path = path
        self.serve = serve
        self.mood = "well"
        self.server = None
        self.writers = set()
        self.tasks = set()  # asyncio itself holds them weakly

    async def start(self):
        self.remove()
        self.server = await asyncio.start_unix_server(self.accept, self.path, backlog=1024)

    def remove(self):
        # Since Python 3.13 a server takes its socket away itself.
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self.path)

    async def accept(self, reader, writer):
        self.writers.add(writer)
        self.tasks.add(asyncio.current_task())
        try:
            if self.mood == "stall":
                await reader.read()
            elif self.mood == "garbage":
                await reader.read(100)
                writer.write(b"HTTP/1.1 200 OK\r\n\r\n{[}\x00\xff" * 50)
                await writer.drain()
            elif self.mood == "cut":
                await reader.read(100)
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 10000\r\n\r\n[{\"Id\":")
                await writer.drain()
            else:
                await self.serve(reader, writer)
        except (ConnectionError, OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            self.writers.discard(writer)
            self.tasks.discard(asyncio.current_task())
            writer.close()

    async def become(self, mood):
        """What is connected is cut off, but by a stall: then it waits."""
        before, self.mood = self.mood, mood
        if mood != "stall" or before == "stall":
            for writer in list(self.writers):
                writer.transport.abort()
        if mood == "closed":
            if self.server:
                self.server.close()
                self.server = None
                self.remove()
        elif self.server is None:
            await self.start()


async def relay(target, reader, writer):
    """Passes bytes on to the unix socket `target` and back."""
    far_reader, far_writer = await asyncio.open_unix_connection(target)

    async def pump(source, sink):
        try:
            while piece := await source.read(65536):
                sink.write(piece)
                await sink.drain()
            sink.write_eof()
        except (ConnectionError, OSError):
            pass

    try:
        there = asyncio.ensure_future(pump(reader, far_writer))
        await pump(far_reader, writer)
        there.cancel()
    finally:
        far_writer.close()
