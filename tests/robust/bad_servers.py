"""Servers that no decent server is, one port for each kind of trouble, on all loopback addresses."""
import asyncio
import socket
import struct


async def read_request(reader):
    try:
        return await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 30)
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, asyncio.TimeoutError, OSError):
        return b""


async def well(reader, writer):
    while await read_request(reader):
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        await writer.drain()


async def error(reader, writer):
    while await read_request(reader):
        writer.write(b"HTTP/1.1 500 Broken\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()


async def hang(reader, writer):
    await reader.read()  # until the peer has had enough


async def reset(reader, writer):
    writer.get_extra_info("socket").setsockopt(
        socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


async def drip(reader, writer):
    if not await read_request(reader):
        return
    for byte in b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + b"x" * 1000:
        writer.write(bytes([byte]))
        await writer.drain()
        await asyncio.sleep(1)


async def gigabyte(reader, writer):
    if not await read_request(reader):
        return
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n")
    piece = bytes(64 * 1024)
    for _ in range(1073741824 // len(piece)):
        writer.write(piece)
        await writer.drain()
        await asyncio.sleep(0)


async def redirect(reader, writer):
    count = 0
    while await read_request(reader):
        count += 1
        writer.write(b"HTTP/1.1 302 Found\r\nLocation: /again%d\r\nContent-Length: 0\r\n\r\n" % count)
        await writer.drain()


async def broken_tls(reader, writer):
    await reader.read(100)
    writer.write(b"\x16\x03\x01\xff\xffthis is no handshake" * 10)
    await writer.drain()


async def garbage(reader, writer):
    await reader.read(100)
    writer.write(bytes(range(256)) * 100)
    await writer.drain()


# By the name of the trouble: the scheme with which it is probed, and who serves it.
KINDS = {
    "well": ("http", well),
    "error": ("http", error),
    "hang": ("http", hang),
    "reset": ("http", reset),
    "drip": ("http", drip),
    "gigabyte": ("http", gigabyte),
    "redirect": ("http", redirect),
    "broken-tls": ("https", broken_tls),
    "garbage": ("http", garbage),
    "tcp-well": ("tcp", hang),
    "grpc-hang": ("grpc", hang),
    "grpc-garbage": ("grpc", garbage),
}


async def guarded(serve, reader, writer):
    try:
        await serve(reader, writer)
    except (ConnectionError, OSError, asyncio.CancelledError):
        pass  # cancelled at the end, when asyncio wants no error from who serves
    finally:
        writer.close()


async def start():
    """Starts them all; the probes' URLs as a label has them, by kind, and the servers."""
    urls, servers = {}, []
    for kind, (scheme, serve) in KINDS.items():
        server = await asyncio.start_server(
            lambda reader, writer, serve=serve: guarded(serve, reader, writer), "0.0.0.0", 0,
            backlog=1024)
        servers.append(server)
        port = server.sockets[0].getsockname()[1]
        urls[kind] = f"{scheme}://:{port}" + ("/health" if scheme.startswith("http") else "")
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        urls["refused"] = f"tcp://:{closed.getsockname()[1]}"
        urls["dns-refused"] = f"dns://:{closed.getsockname()[1]}/nobody.invalid"
    urls["icmp"] = "icmp:"
    return urls, servers
