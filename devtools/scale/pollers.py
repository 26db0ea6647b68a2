"""Open pages, each polling once a second: a cheap load, in a process of its own.

`python -m devtools.scale.pollers PORT FILE PAGES SECONDS` prints how many were answered a second.
"""

import asyncio
import json
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from devtools.load import HEAD_END, request_bytes

CONNECTIONS = 64
EVERY_SECONDS = 1.0
"""As in static/js/polling.js."""
NOTHING_NEW = b" 304 "


def write_pages(port: int, links: list[str]) -> str:
    """Writes each page's poll, with its current tag, to a file; returns the path."""
    asked = []
    for link in links:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{link}/panel", timeout=30) as answer:
            tag = answer.headers["HX-PTag"]
        asked.append(request_bytes("GET", f"{link}/panel", HX_PTag=tag, HX_Request="true").decode())
    with tempfile.NamedTemporaryFile("w", suffix=".json", delete=False) as file:
        json.dump(asked, file)
    return file.name


async def poll(port: int, requests: list[bytes], pages: int, seconds: float) -> float:
    """Polls for `pages` pages; returns answers per second. A page waits for one answer before its next poll."""
    until = time.monotonic() + seconds
    shares = [_connection(port, requests[n::CONNECTIONS], CONNECTIONS / pages * EVERY_SECONDS, n / pages, until)
              for n in range(CONNECTIONS)]  # fmt: skip
    return sum(await asyncio.gather(*shares)) / seconds


async def _connection(port: int, requests: list[bytes], every: float, begins: float, until: float) -> int:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answered, due = 0, time.monotonic() + begins
    while (now := time.monotonic()) < until:
        if due > now:
            await asyncio.sleep(due - now)
        writer.write(requests[answered % len(requests)])
        head = await reader.readuntil(HEAD_END)
        if NOTHING_NEW not in head.split(b"\r\n", 1)[0]:
            raise RuntimeError(head.decode())
        answered, due = answered + 1, max(due + every, now)
    writer.close()
    return answered


if __name__ == "__main__":
    asked = [request.encode() for request in json.loads(Path(sys.argv[2]).read_text())]
    print(asyncio.run(poll(int(sys.argv[1]), asked, int(sys.argv[3]), float(sys.argv[4]))))
