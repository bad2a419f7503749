"""Keep 1,000 connections half open, and send 300 large unsigned requests, as a process of `bench.hostile_clients`.

Rule: the port is the argument. A line is printed when the attack has begun. It ends when the process is killed.
"""

import asyncio
import sys

HALF_OPEN, UNSIGNED = 1_000, 300
_HOST = "127.0.0.1"
_BODY = b"text=" + b"a" * 1_000_000
_HEADERS = b"POST /slack/events HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
#: seconds until a client tries again after the server has closed its connection
_AGAIN_SECONDS = 5.0


async def attack(port: int) -> None:
    """Attack until cancelled."""
    async with asyncio.TaskGroup() as clients:
        for _ in range(HALF_OPEN):
            clients.create_task(_keep_half_open(port))
        await asyncio.sleep(1)
        for _ in range(UNSIGNED):
            clients.create_task(_send_unsigned(port))
        sys.stdout.write("attacking\n")
        sys.stdout.flush()


async def _keep_half_open(port: int) -> None:
    """Open a connection, send half of the headers, and do so again when the server closes it."""
    while True:
        try:
            reader, writer = await asyncio.open_connection(_HOST, port)
            writer.write(_HEADERS)
            await reader.read()
            writer.close()
        except OSError:
            pass  # the server has closed it
        await asyncio.sleep(_AGAIN_SECONDS)


async def _send_unsigned(port: int) -> None:
    """Send a megabyte without a signature, and then keep the connection open."""
    try:
        reader, writer = await asyncio.open_connection(_HOST, port)
        writer.write(_HEADERS + f"Content-Length: {len(_BODY)}\r\n\r\n".encode() + _BODY)
        await writer.drain()
        await reader.read()
    except OSError:
        pass  # the server has closed it


if __name__ == "__main__":
    asyncio.run(attack(int(sys.argv[1])))
