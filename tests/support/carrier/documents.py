"""A product of a few lines: answers the carrier with documents a test has written, and remembers what was asked."""

import threading
import urllib.parse
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.support.world.waiting import eventually


@dataclass(frozen=True)
class Asked:
    """One request of the carrier."""

    method: str
    url: str
    params: dict[str, str]
    headers: dict[str, str]
    body: str

    @property
    def signature(self) -> str:
        return self.headers.get("X-Twilio-Signature", "")

    @property
    def path(self) -> str:
        return urllib.parse.urlsplit(self.url).path


class Documents(ThreadingHTTPServer):
    """`pages` maps a path to the TwiML there; anything else is a 404. Status callbacks land here too."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.pages: dict[str, str] = {}
        self.requests: list[Asked] = []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def write(self, path: str, *verbs: str) -> str:
        """Puts a document at `path`; its address."""
        self.pages[path] = f"<Response>{''.join(verbs)}</Response>"
        return self.url + path

    def asked(self, path: str) -> Asked:
        """Waits until the carrier has asked for `path`; the last time it did."""
        return eventually(
            lambda: next((asked for asked in reversed(self.requests) if asked.path == path), None),
            f"a request for {path}",
        )

    def forget(self) -> None:
        self.pages.clear()
        self.requests.clear()

    def stop(self) -> None:
        self.shutdown()
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: Documents

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        self._answer(body, body)

    def do_GET(self) -> None:
        self._answer(urllib.parse.urlsplit(self.path).query, "")

    def _answer(self, params: str, body: str) -> None:
        given = dict(urllib.parse.parse_qsl(params, keep_blank_values=True))
        asked = Asked(str(self.command), self.server.url + self.path, given, dict(self.headers), body)
        self.server.requests.append(asked)
        found = self.server.pages.get(asked.path)
        data = (found or "").encode()
        self.send_response(404 if found is None else 200)
        self.send_header("Content-Type", "text/xml")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_arguments: object) -> None:
        """Quiet."""
