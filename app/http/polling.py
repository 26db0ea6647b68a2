"""Parts of a page that browsers poll. Most polls find nothing new."""

import hashlib
import re
import time
from collections.abc import Callable
from functools import lru_cache
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Flask, Response, make_response, request
from psycopg import OperationalError
from sqlalchemy.exc import SQLAlchemyError

from app.core.metrics import REQUEST_SECONDS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

TAG = "HX-PTag"
IN_ENVIRON = "HTTP_HX_PTAG"
TICKING = re.compile(r'data-until="\d+">[\d:]*|value="\d+" data-drains="\d+"')
"""Clocks that go on in the browser by themselves: what they show is no news."""
NOT_MODIFIED = f"{HTTPStatus.NOT_MODIFIED.value} {HTTPStatus.NOT_MODIFIED.phrase}"


def polled(part: str) -> Response:
    """A part of the page; 304 while it reads the same as what the browser has."""
    tag = _tag(part)
    response = Response(status=HTTPStatus.NOT_MODIFIED) if request.headers.get(TAG) == tag else make_response(part)
    response.headers[TAG] = tag
    return response


@lru_cache(maxsize=64)
def _tag(part: str) -> str:
    """Cached, since many readers get the same part."""
    return hashlib.sha256(TICKING.sub("", part).encode()).hexdigest()[:16]


class Unchanged:
    """WSGI middleware that answers unchanged polls with 304, before Flask. Everything else goes on to the app.

    `reads` is called with what `path` captured and the browser's tag; it returns whether the tag is still right.
    """

    def __init__(self, app: Flask, *, path: str, endpoint: str, reads: Callable[[str, str], bool]) -> None:
        self._inner: WSGIApplication = app.wsgi_app
        self._path, self._reads = re.compile(path), reads
        self._took = REQUEST_SECONDS.labels(endpoint, HTTPStatus.NOT_MODIFIED.value)

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> "Iterable[bytes]":
        began = time.perf_counter()
        tag = environ.get(IN_ENVIRON, "")
        found = self._path.fullmatch(environ["PATH_INFO"]) if tag else None
        if found is None or environ["REQUEST_METHOD"] != "GET" or not self._still(found[1], tag):
            return self._inner(environ, start_response)
        start_response(NOT_MODIFIED, [])
        self._took.observe(time.perf_counter() - began)
        return ()

    def _still(self, which: str, tag: str) -> bool:
        try:
            return self._reads(which, tag)
        except (OperationalError, SQLAlchemyError):
            return False  # the app will report the error
