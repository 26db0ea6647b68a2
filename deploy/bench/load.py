"""A load on loopback that costs little itself: prepared requests over kept-alive sockets, in a few threads."""

import socket
import statistics
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

HEAD_END = b"\r\n\r\n"


@dataclass(frozen=True)
class Rate:
    """Requests per second, and milliseconds each: the median and the slowest in a hundred."""

    per_second: float
    median_ms: float
    p99_ms: float
    failed: int


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


def measure(port: int, requests: Sequence[bytes], *, expect: int, threads: int = 4) -> Rate:
    """Sends each request once, shared among `threads`, and waits for each answer."""
    shares = [requests[i::threads] for i in range(threads)]
    times: list[float] = []
    failed: list[int] = []
    workers = [threading.Thread(target=_share, args=(port, share, expect, times, failed)) for share in shares]
    began = time.perf_counter()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    seconds = time.perf_counter() - began
    ordered = sorted(times)
    return Rate(
        len(requests) / seconds,
        statistics.median(ordered) * 1000,
        ordered[int(len(ordered) * 0.99)] * 1000,
        len(failed),
    )


def _share(port: int, share: Sequence[bytes], expect: int, times: list[float], failed: list[int]) -> None:
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for request in share:
            began = time.perf_counter()
            connection.sendall(request)
            status = _answer(connection)
            times.append(time.perf_counter() - began)
            if status != expect:
                failed.append(status)


def _answer(connection: socket.socket) -> int:
    data = b""
    while HEAD_END not in data:
        data += connection.recv(65536)
    head, _, body = data.partition(HEAD_END)
    length = 0
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    while len(body) < length:
        body += connection.recv(65536)
    return int(head.split(b" ", 2)[1])
