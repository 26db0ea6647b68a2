"""Serves a WSGI app over RSGI, granian's own interface: a request gets a thread only once it has arrived in full.

Bodies are read in the event loop, where a waiting one costs a few bytes. However many clients trickle theirs in, the
threads stay free for everybody else.
"""

import asyncio
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http import HTTPStatus
from io import BytesIO
from typing import TYPE_CHECKING, cast

import structlog

from app.http.bodies import LARGEST, largest_body
from app.http.polling import IN_SCOPE, Polls

if TYPE_CHECKING:
    from collections.abc import Callable
    from wsgiref.types import WSGIApplication, WSGIEnvironment

    from granian.rsgi import HTTPProtocol, Scope  # type: ignore[attr-defined]

    Headers = list[tuple[str, str]]

log = structlog.get_logger()

THREADS = 8
"""Requests served at once. The pool of database connections is sized for it."""
READ_SECONDS = 10
"""A body has to arrive in full within this."""
MOST_LARGE = 16
"""Bodies above the size for people that may be arriving at once, which bounds the memory they take."""
GIVE_UP: "Headers" = [("connection", "close"), ("content-type", "text/plain; charset=utf-8")]
CHUNKED = "transfer-encoding"
OWN_NAMES = frozenset({"CONTENT_TYPE", "CONTENT_LENGTH"})
"""Headers whose names in a WSGI environment do not begin with HTTP."""
EVERY: "WSGIEnvironment" = {
    "SCRIPT_NAME": "",
    "wsgi.version": (1, 0),
    "wsgi.errors": sys.stderr,
    "wsgi.input_terminated": True,
    "wsgi.multiprocess": True,
    "wsgi.multithread": True,
    "wsgi.run_once": False,
}


@dataclass(frozen=True)
class Body:
    """The body of a request."""

    content: bytes
    length: int | None
    """Bytes, as declared or counted; None if there is no body. More than `content` holds if it is too large."""


NO_BODY = Body(b"", None)


class Refused(Exception):
    """The body is not accepted."""

    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status)
        self.status = status


class Server:
    """One process's. It is called in the event loop, and answers from a thread."""

    def __init__(self, app: "WSGIApplication", polls: Polls) -> None:
        self._app, self._polls = app, polls
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="request")
        self._large = 0

    async def __call__(self, scope: "Scope", proto: "HTTPProtocol") -> None:
        if await self._polls.is_unchanged(scope.method, scope.path, scope.headers.get(IN_SCOPE)):
            return proto.response_empty(HTTPStatus.NOT_MODIFIED.value, [])
        body = NO_BODY
        if "content-length" in scope.headers or CHUNKED in scope.headers:
            try:
                async with asyncio.timeout(READ_SECONDS):
                    body = await self._body(scope, proto)
            except TimeoutError:
                return _refuse(proto, HTTPStatus.REQUEST_TIMEOUT)
            except Refused as refused:
                return _refuse(proto, refused.status)
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._answer, scope, proto, body)

    async def _body(self, scope: "Scope", proto: "HTTPProtocol") -> Body:
        """The whole body, or only its length if it is too large: the app refuses it by that."""
        declared = scope.headers.get("content-length")
        largest = largest_body(scope.path)
        if declared is not None and int(declared) > largest:
            return Body(b"", int(declared))
        counted, taken, parts = False, 0, []
        try:
            async for part in proto:
                taken += len(part)
                if taken > largest:
                    return Body(b"", taken)
                if taken > LARGEST and not counted:
                    counted = self._count_large()
                parts.append(part)
        finally:
            self._large -= counted
        if declared is not None and taken != int(declared):
            raise Refused(HTTPStatus.BAD_REQUEST)  # truncated: half a form would be taken for a whole one
        return Body(b"".join(parts), taken)

    def _count_large(self) -> bool:
        if self._large >= MOST_LARGE:
            raise Refused(HTTPStatus.SERVICE_UNAVAILABLE)
        self._large += 1
        return True

    def _answer(self, scope: "Scope", proto: "HTTPProtocol", body: Body) -> None:
        start = _Start()
        parts = self._app(_environ(scope, body), start)
        try:
            content = b"".join(parts)
        finally:
            if hasattr(parts, "close"):
                parts.close()
        if content:
            proto.response_bytes(start.status, start.headers, content)
        else:
            proto.response_empty(start.status, start.headers)


class _Start:
    """What a WSGI app calls to begin its answer."""

    def __init__(self) -> None:
        self.status, self.headers = HTTPStatus.INTERNAL_SERVER_ERROR.value, cast("Headers", [])

    def __call__(self, status: str, headers: "Headers", exc_info: object = None, /) -> "Callable[[bytes], object]":
        self.status, self.headers = int(status.split(" ", 1)[0]), headers
        return _write


def _write(_data: bytes) -> object:
    raise NotImplementedError("an answer is returned, not written")


def _environ(scope: "Scope", body: Body) -> "WSGIEnvironment":
    host, _, port = scope.server.rpartition(":")
    environ = EVERY | {
        "REQUEST_METHOD": scope.method,
        "PATH_INFO": scope.path.encode().decode("latin-1"),  # decoded by granian, once
        "QUERY_STRING": scope.query_string,
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "SERVER_NAME": host.strip("[]"),
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": BytesIO(body.content),
    }
    for name, value in scope.headers.items():
        # With an underscore for a hyphen, a client could pass off a header that our proxy strips. The body is no longer
        # chunked.
        if "_" in name or name == CHUNKED:
            continue
        key = name.upper().replace("-", "_")
        key = key if key in OWN_NAMES else f"HTTP_{key}"
        environ[key] = f"{environ[key]}{';' if key == 'HTTP_COOKIE' else ','}{value}" if key in environ else value
    if body.length is not None:
        environ["CONTENT_LENGTH"] = str(body.length)
    return environ


def _refuse(proto: "HTTPProtocol", status: HTTPStatus) -> None:
    log.info("body_refused", status=status.value)
    proto.response_str(status.value, GIVE_UP, f"{status.phrase}\n")
