"""A carrier, a mail server and a push service that cost little themselves: one process, one event loop.

`python -m devtools.bench.providers HTTP_PORT SMTP_PORT`. Each takes a message after as many milliseconds as told, and
notes when. `GET /taken` gives the moments of each channel (time.monotonic, the same everywhere); `POST /delay/MS` sets
the delay and forgets what was taken. Each text is receipted by two signed webhooks, as the carrier does.
"""

import asyncio
import itertools
import json
import os
import sys
import time
import urllib.parse
from collections import defaultdict
from urllib.parse import urlsplit

from devtools.load import SignedWebhooks

HEAD_END = b"\r\n\r\n"
RECEIPT_CONNECTIONS = 4


class Providers:
    """What they have taken."""

    def __init__(self) -> None:
        self.delay = 0.0
        self.taken: dict[str, list[float]] = defaultdict(list)
        self.receipts: asyncio.Queue[tuple[str, str, str]] = asyncio.Queue()
        self.receipted = 0
        self._sids = itertools.count(1)

    async def take(self, channel: str) -> None:
        """Takes as long as a provider does."""
        self.taken[channel].append(time.monotonic())
        if self.delay:
            await asyncio.sleep(self.delay)

    async def http(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, kept alive."""
        try:
            while True:
                head = await reader.readuntil(HEAD_END)
                path = head.split(b" ", 2)[1].decode()
                status, answer = await self._answer(path, await reader.readexactly(_length(head)))
                lines = f"HTTP/1.1 {status} OK\r\nContent-Type: application/json\r\nContent-Length: {len(answer)}"
                writer.write(lines.encode() + HEAD_END + answer)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def _answer(self, path: str, body: bytes) -> tuple[int, bytes]:
        if path.startswith("/push/"):
            await self.take("push")
            return 201, b""
        if path.endswith("/Messages.json"):
            return await self._text(body)
        if path.endswith("/Calls.json"):
            self.taken["call"].append(time.monotonic())  # answered at once: the next tap is not to wait for this one
            return 201, _resource(f"CA{next(self._sids):032x}", "")
        if path == "/calls":
            return 200, json.dumps(self.taken["call"]).encode()
        if path.startswith("/delay/"):
            self.delay, self.receipted = float(path.rpartition("/")[2]) / 1000, 0
            self.taken.clear()
            return 200, b"{}"
        return 200, json.dumps({"taken": self.taken, "receipted": self.receipted}).encode()

    async def _text(self, body: bytes) -> tuple[int, bytes]:
        form = dict(urllib.parse.parse_qsl(body.decode()))
        await self.take("sms")
        sid = f"SM{next(self._sids):032x}"
        for status in ("sent", "delivered"):
            self.receipts.put_nowait((form["StatusCallback"], sid, status))
        return 201, _resource(sid, form["Body"])

    async def post_receipts(self) -> None:
        """Two a text, one after the other, until the product is gone."""
        signer = SignedWebhooks(os.environ["TWILIO_AUTH_TOKEN"], os.environ["PUBLIC_URL"])
        url, sid, status = await self.receipts.get()
        reader, writer = await asyncio.open_connection("127.0.0.1", urlsplit(url).port)
        while True:
            writer.write(signer.post(urlsplit(url).path, {"MessageSid": sid, "MessageStatus": status}))
            try:
                head = await reader.readuntil(HEAD_END)
                await reader.readexactly(_length(head))
            except (asyncio.IncompleteReadError, ConnectionError):
                return
            self.receipted += 1
            url, sid, status = await self.receipts.get()

    async def smtp(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """As much of RFC 5321 as a mail takes."""
        writer.write(b"220 bench\r\n")
        try:
            while True:
                verb = (await reader.readline())[:4].upper()
                if verb == b"DATA":
                    writer.write(b"354 go on\r\n")
                    await reader.readuntil(b"\r\n.\r\n")
                    await self.take("email")
                    writer.write(b"250 taken\r\n")
                elif verb in (b"QUIT", b""):
                    break
                else:
                    writer.write(b"250 OK\r\n")
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        writer.close()


def _length(head: bytes) -> int:
    lines = head.lower().split(b"\r\n")
    return next((int(line[15:]) for line in lines if line.startswith(b"content-length:")), 0)


def _resource(sid: str, body: str) -> bytes:
    return json.dumps(
        {"sid": sid, "status": "queued", "body": body, "date_created": "Tue, 24 Nov 2026 12:00:00 +0000"}
    ).encode()


async def main(http_port: int, smtp_port: int) -> None:
    """Serves until killed."""
    providers = Providers()
    await asyncio.start_server(providers.http, "127.0.0.1", http_port)
    await asyncio.start_server(providers.smtp, "127.0.0.1", smtp_port)
    await asyncio.gather(*(providers.post_receipts() for _ in range(RECEIPT_CONNECTIONS)))
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2])))
