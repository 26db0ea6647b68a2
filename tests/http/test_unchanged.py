"""Unchanged polls are answered before Flask, many with one query; everything else goes on to the app."""

import asyncio
import threading
from collections.abc import Mapping, Sequence
from uuid import UUID

import psycopg
import pytest

from app.http.polling import Polls
from tests.support.world.loop import awaited

IT, OTHER, GONE = UUID(int=1), UUID(int=2), UUID(int=3)


class Database:
    """Knows the tags of two rows. It can be held up, or be away."""

    def __init__(self) -> None:
        self.tags = {IT: "now", OTHER: "now"}
        self.asked: list[set[UUID]] = []
        self.open = threading.Event()
        self.open.set()
        self.away = False

    def read(self, ids: Sequence[UUID]) -> Mapping[UUID, str]:
        self.asked.append(set(ids))
        assert self.open.wait(10)
        if self.away:
            raise psycopg.OperationalError
        return {id_: self.tags[id_] for id_ in ids if id_ in self.tags}


@pytest.fixture
def database() -> Database:
    return Database()


@pytest.fixture
def polls(database: Database) -> Polls:
    def verify(token: str) -> UUID | None:
        return UUID(int=int(token)) if token.isdigit() else None

    return Polls(path=r"/part/(\w+)", endpoint="any", verify=verify, tags=database.read)


def test_what_reads_as_the_browser_has_it_is_not_sent_again(polls: Polls) -> None:
    assert awaited(polls.is_unchanged("GET", "/part/1", "now"))


@pytest.mark.parametrize(
    ("method", "path", "tag"),
    [
        ("GET", "/part/1", "before"),
        ("GET", "/part/1", None),
        ("GET", "/part/1", ""),
        ("POST", "/part/1", "now"),
        ("GET", "/other/1", "now"),
        ("GET", "/part/forged", "now"),
        ("GET", "/part/3", "now"),
    ],
    ids=["it has changed", "no tag", "an empty one", "a button", "another part", "a forged link", "no such row"],
)
def test_everything_else_is_the_apps(polls: Polls, method: str, path: str, tag: str | None) -> None:
    assert not awaited(polls.is_unchanged(method, path, tag))


def test_while_the_database_is_away_the_app_answers(polls: Polls, database: Database) -> None:
    database.away = True
    assert not awaited(polls.is_unchanged("GET", "/part/1", "now"))
    database.away = False
    assert awaited(polls.is_unchanged("GET", "/part/1", "now"))


def test_those_that_come_during_a_query_are_asked_for_together_in_the_next(polls: Polls, database: Database) -> None:
    async def many() -> list[bool]:
        database.open.clear()
        first = asyncio.create_task(polls.is_unchanged("GET", "/part/1", "now"))
        while not database.asked:
            await asyncio.sleep(0)
        later = [
            asyncio.create_task(polls.is_unchanged("GET", f"/part/{row}", tag))
            for row, tag in [(1, "now"), (2, "now"), (2, "before"), (3, "now")]
        ]
        await asyncio.sleep(0)
        database.open.set()
        return await asyncio.gather(first, *later)

    assert awaited(many()) == [True, True, True, False, False]
    assert database.asked == [{IT}, {IT, OTHER, GONE}]


def test_what_changes_after_a_poll_was_sent_is_seen_by_the_next_query(polls: Polls, database: Database) -> None:
    async def around_a_change() -> tuple[bool, bool]:
        before = await polls.is_unchanged("GET", "/part/1", "now")
        database.tags[IT] = "later"
        return before, await polls.is_unchanged("GET", "/part/1", "now")

    assert awaited(around_a_change()) == (True, False)


def test_a_browser_that_leaves_keeps_nobody_waiting(polls: Polls, database: Database) -> None:
    async def one_leaves() -> bool:
        database.open.clear()
        leaves = asyncio.create_task(polls.is_unchanged("GET", "/part/1", "now"))
        stays = asyncio.create_task(polls.is_unchanged("GET", "/part/1", "now"))
        while not database.asked:
            await asyncio.sleep(0)
        leaves.cancel()
        database.open.set()
        return await stays

    assert awaited(one_leaves())
