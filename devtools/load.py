"""A load on loopback that costs little itself: prepared requests over kept-alive sockets, in a few threads."""

import socket
import statistics
import time
import urllib.parse
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass

from twilio.request_validator import RequestValidator

HEAD_END = b"\r\n\r\n"
PATIENCE_SECONDS = 30


@dataclass(frozen=True)
class Answer:
    """What came back, and after how many seconds."""

    status: int
    body: bytes
    seconds: float


@dataclass(frozen=True)
class Sent:
    """The answers in the order of their requests, and the seconds from the first request to the last answer."""

    answers: list[Answer]
    seconds: float

    @property
    def per_second(self) -> float:
        return len(self.answers) / self.seconds

    @property
    def median_ms(self) -> float:
        return statistics.median(answer.seconds for answer in self.answers) * 1000

    @property
    def p99_ms(self) -> float:
        """The slowest in a hundred."""
        ordered = sorted(answer.seconds for answer in self.answers)
        return ordered[int(len(ordered) * 0.99)] * 1000

    def failed(self, expect: int) -> int:
        """How many answers have another status."""
        return sum(1 for answer in self.answers if answer.status != expect)


def request_bytes(method: str, path: str, body: bytes = b"", **headers: str) -> bytes:
    """One HTTP/1.1 request."""
    lines = [
        f"{method} {path} HTTP/1.1",
        "Host: 127.0.0.1",
        *(f"{n.replace('_', '-')}: {v}" for n, v in headers.items()),
    ]
    if body:
        lines += [f"Content-Length: {len(body)}", "Content-Type: application/x-www-form-urlencoded"]
    return "\r\n".join(lines).encode() + HEAD_END + body


class SignedWebhooks:
    """Requests as the carrier makes them: signed over the public address and the form."""

    def __init__(self, auth_token: str, public_url: str) -> None:
        self._validator, self._public_url = RequestValidator(auth_token), public_url

    def post(self, path: str, form: Mapping[str, str]) -> bytes:
        """One POST of a form."""
        signature = self._validator.compute_signature(self._public_url + path, dict(form))
        return request_bytes("POST", path, urllib.parse.urlencode(form).encode(), X_Twilio_Signature=signature)

    def key(self, path: str, *, sid: str, pressed: str = "1", agent: str = "+15125551001") -> bytes:
        """An agent on the phone has pressed a key."""
        form = {"CallSid": sid, "CallStatus": "in-progress", "Digits": pressed, "From": "+15125550100", "To": agent}
        return self.post(path, form)


def send(port: int, requests: Sequence[bytes], *, threads: int = 4) -> Sent:
    """Sends each request once, shared among `threads`, and waits for each answer.

    Neighbours in `requests` go at the same time. Raises OSError when a connection is refused, cut, or silent.
    """
    shares = [requests[i::threads] for i in range(threads)]
    with ExitStack() as stack, ThreadPoolExecutor(threads) as pool:
        sockets = [stack.enter_context(_connected(port)) for _ in shares]
        began = time.perf_counter()
        answered = list(pool.map(_share, sockets, shares))
        seconds = time.perf_counter() - began
    return Sent([answered[i % threads][i // threads] for i in range(len(requests))], seconds)


def _connected(port: int) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def _share(connection: socket.socket, share: Sequence[bytes]) -> list[Answer]:
    answers = []
    for request in share:
        began = time.perf_counter()
        connection.sendall(request)
        status, body = _answer(connection)
        answers.append(Answer(status, body, time.perf_counter() - began))
    return answers


def _answer(connection: socket.socket) -> tuple[int, bytes]:
    data = b""
    while HEAD_END not in data:
        data += _more(connection)
    head, _, body = data.partition(HEAD_END)
    length = 0
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    while len(body) < length:
        body += _more(connection)
    return int(head.split(b" ", 2)[1]), body


def _more(connection: socket.socket) -> bytes:
    data = connection.recv(65536)
    if not data:
        raise ConnectionError("the server hung up in the middle of an answer")
    return data
