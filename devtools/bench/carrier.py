"""A carrier that answers at once and notes when it was asked."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class InstantCarrier(ThreadingHTTPServer):
    """`asked` holds the moment of each request, in order."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[float] = []
        self.came = threading.Condition()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def wait_for(self, count: int) -> float:
        """The moment of request number `count`."""
        with self.came:
            if not self.came.wait_for(lambda: len(self.asked) >= count, timeout=10):
                raise RuntimeError("the carrier was never asked")
            return self.asked[count - 1]


class _Handler(BaseHTTPRequestHandler):
    server: InstantCarrier
    disable_nagle_algorithm = True
    wbufsize = -1
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        at = time.perf_counter()
        self.rfile.read(int(self.headers["Content-Length"]))
        with self.server.came:
            self.server.asked.append(at)
            self.server.came.notify_all()
            sid = f"CA{len(self.server.asked):032x}"
        body = json.dumps(
            {"sid": sid, "status": "queued", "body": "", "date_created": "Tue, 24 Nov 2026 12:00:00 +0000"}
        ).encode()
        self.send_response(201)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        """Quiet."""
