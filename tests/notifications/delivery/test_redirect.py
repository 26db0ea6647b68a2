"""A push service that sends us elsewhere is not followed: we post to the hosts we allow, and to no other."""

import base64
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from app.core.errors import Permanent
from app.providers.webpush.message import Push
from app.providers.webpush.pusher import Pusher
from tests.support.browser.device import new_keys

KEY = base64.urlsafe_b64encode(b"\x07" * 32).decode().rstrip("=")


class Elsewhere(BaseHTTPRequestHandler):
    """Answers each push by a redirect to itself at another address, and counts."""

    def do_POST(self) -> None:
        asked: list[str] = self.server.asked  # type: ignore[attr-defined]
        asked.append(self.path)
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(307)
        self.send_header("Location", "/inside")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_arguments: object) -> None:
        """Quiet."""


@pytest.fixture
def service() -> Iterator[ThreadingHTTPServer]:
    made = ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere)
    made.asked = []  # type: ignore[attr-defined]
    threading.Thread(target=made.serve_forever, daemon=True).start()
    yield made
    made.shutdown()
    made.server_close()


def test_a_redirect_is_a_refusal(service: ThreadingHTTPServer) -> None:
    pusher = Pusher(KEY, "mailto:ops@dibs.example", lambda _endpoint: True)
    endpoint = f"http://127.0.0.1:{service.server_port}/push/1"
    with pytest.raises(Permanent) as refused:
        pusher.push(Push(endpoint, **new_keys(), payload="{}", topic="test", ttl=60))
    assert refused.value.code == "307"
    assert service.asked == ["/push/1"]  # type: ignore[attr-defined]
