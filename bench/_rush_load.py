"""The senders of the rush: so many connections to 127.0.0.1, each sending one packet after the other; a process of its own.

`python -m bench._rush_load PORT CONNECTIONS LOG COOKIES TOKEN` reads file names from standard input until it ends, and writes one JSON
line for each answer: name, when sending began, when the last byte was handed over, when the answer was there, status, place.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

BOUNDARY = "rush-8d1f"
TIMEOUT = 120.0


def request_bytes(path: Path, cookies: str, token: str) -> bytes:
    """One upload as a browser's script sends it."""
    name = quote(path.name.partition("+")[2])
    part = (
        f"--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"packets\"; filename*=UTF-8''{name}\r\n"
        "Content-Type: application/zip\r\n\r\n"
    ).encode()
    body = part + path.read_bytes() + f"\r\n--{BOUNDARY}--\r\n".encode()
    head = (
        "POST /packets/receive/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        f"Cookie: {cookies}\r\nX-CSRFToken: {token}\r\nX-Requested-With: XMLHttpRequest\r\n"
        f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def answer_of(reader: asyncio.StreamReader) -> tuple[int, str]:
    """Status and the place that the answer names."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    fields = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:])}
    if "content-length" in fields:
        await reader.readexactly(int(fields["content-length"]))
    elif fields.get("transfer-encoding") == "chunked":
        while size := int(await reader.readline(), 16):
            await reader.readexactly(size + 2)
        await reader.readline()
    return int(head[0].split(" ")[1]), fields.get("x-location", "")


async def send(port: int, names: asyncio.Queue[str | None], cookies: str, token: str, log: IO[str]) -> None:
    connection: tuple[Any, Any] | None = None
    while (name := await names.get()) is not None:
        data = request_bytes(Path(name), cookies, token)
        began = time.time()
        told: dict[str, Any] = {"name": name, "began": began}
        try:
            async with asyncio.timeout(TIMEOUT):
                connection = connection or await asyncio.open_connection("127.0.0.1", port)
                reader, writer = connection
                writer.write(data)
                await writer.drain()
                told["sent"] = time.time()
                told["status"], told["place"] = await answer_of(reader)
        except (OSError, TimeoutError, asyncio.IncompleteReadError) as error:
            told |= {"status": 0, "place": "", "error": type(error).__name__}
            if connection:
                connection[1].close()
            connection = None
        told["answered"] = time.time()
        log.write(json.dumps(told) + "\n")
        log.flush()
    if connection:
        connection[1].close()


async def main(port: int, connections: int, log: Path, cookies: str, token: str) -> None:
    # a short queue: what waits here has not begun to be sent
    names: asyncio.Queue[str | None] = asyncio.Queue(1)
    loop = asyncio.get_running_loop()
    with log.open("w") as file:
        senders = [asyncio.create_task(send(port, names, cookies, token, file)) for _ in range(connections)]
        while line := await loop.run_in_executor(None, sys.stdin.readline):
            await names.put(line.rstrip("\n"))
        for _ in senders:
            await names.put(None)
        await asyncio.gather(*senders)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]), sys.argv[4], sys.argv[5]))
