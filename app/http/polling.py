"""Parts of a page that browsers poll. Most polls find nothing new."""

import asyncio
import hashlib
import re
import time
from asyncio import Future
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from http import HTTPStatus
from uuid import UUID

import structlog
from flask import Response, make_response, request
from psycopg import OperationalError
from sqlalchemy.exc import SQLAlchemyError

from app.core.metrics import REQUEST_SECONDS

log = structlog.get_logger()

TAG = "HX-PTag"
IN_SCOPE = TAG.lower()
NAME = "polls"
"""In an app's extensions."""
GATHER_SECONDS = 0.003
"""How long polls are collected for one query, while many pages are open."""
MANY_PAGES, COUNT_SECONDS = 100, 1.0
"""Pages that polled one process within a second. With fewer, there are hardly any other polls to wait for."""
TICKING = re.compile(r'data-until="\d+">[\d:]*|value="\d+" data-drains="\d+"')
"""Clocks that go on in the browser by themselves: what they show is no news."""


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


class Polls:
    """Answers unchanged polls in the server's event loop, before Flask, many with one query.

    Polls that come while a query is under way wait for the next one, which asks for all of them.
    """

    def __init__(
        self,
        *,
        path: str,
        endpoint: str,
        verify: Callable[[str], UUID | None],
        tags: Callable[[Sequence[UUID]], Mapping[UUID, str]],
    ) -> None:
        """`verify` reads the row's id from what `path` captures; `tags` looks up the present tags of many rows."""
        self._path, self._verify, self._tags = re.compile(path), verify, tags
        self._took = REQUEST_SECONDS.labels(endpoint, HTTPStatus.NOT_MODIFIED.value)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="polls")
        self._waiting: dict[UUID, list[Future[str | None]]] = {}
        self._is_asking = False
        self._polled: set[UUID] = set()
        self._counted_at, self._are_many = 0.0, False

    async def is_unchanged(self, method: str, path: str, tag: str | None) -> bool:
        """Whether the browser that polls `path` already has what it would get. Also False for any other request, and
        while the database is away: then the app answers.
        """
        began = time.perf_counter()
        found = self._path.fullmatch(path) if tag and method == "GET" else None
        row_id = self._verify(found[1]) if found is not None else None
        if row_id is None or await self._tag_of(row_id) != tag:
            return False
        self._took.observe(time.perf_counter() - began)
        return True

    async def _tag_of(self, row_id: UUID) -> str | None:
        asked: Future[str | None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(row_id, []).append(asked)
        self._count(row_id)
        if not self._is_asking:
            self._is_asking = True
            self._round = asyncio.create_task(self._ask())
        return await asked

    def _count(self, row_id: UUID) -> None:
        """Each open page polls once a second, so the rows polled within a second are the open pages."""
        at = time.monotonic()
        if at - self._counted_at >= COUNT_SECONDS:
            self._counted_at, self._are_many = at, len(self._polled) >= MANY_PAGES
            self._polled.clear()
        self._polled.add(row_id)

    async def _ask(self) -> None:
        """Runs queries until no poll is waiting."""
        loop = asyncio.get_running_loop()
        while self._waiting:
            await asyncio.sleep(GATHER_SECONDS if self._are_many else 0)
            waiting, self._waiting = self._waiting, {}
            try:
                found = await loop.run_in_executor(self._thread, self._tags, list(waiting))
            except (OperationalError, SQLAlchemyError):
                found = {}  # the app will report the error
            except Exception:
                log.exception("polls_failed")
                found = {}
            for row_id, everybody in waiting.items():
                for asked in everybody:
                    if not asked.done():  # the browser may have gone
                        asked.set_result(found.get(row_id))
        self._is_asking = False
