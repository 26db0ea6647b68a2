"""Fills a migrated database with a network of a given size, by COPY, oldest rows first as in production.

Indexes and foreign keys are dropped first and created again afterwards, which checks every row.
"""

import multiprocessing
import queue
import threading
import time
from collections.abc import Iterable

import psycopg

from devtools.scale.people import Agent, People, make_people
from devtools.scale.referrals import Referrals
from devtools.scale.rows import COLUMNS, DAY, MINUTE, Batch, Rows

DAYS = 730
"""How far back the data goes."""
OPEN_SHARE = 200
"""One referral in this many is open."""
CHUNK = 10_000
PROCESSES = 2
SEED = "dibs"

Connection = psycopg.Connection[tuple[object, ...]]


def fill(dsn: str, count: int) -> None:
    """Writes `count` referrals and all that belongs to them."""
    now = int(time.time() * 1000)
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("SET maintenance_work_mem = '512MB'")
        back = _strip(connection)
        _copy(dsn, _batches(now, count))
        for statement in back:
            connection.execute(statement.encode())
        connection.execute("VACUUM (ANALYZE)")
        connection.execute("CHECKPOINT")


def _batches(now: int, count: int) -> Iterable[Batch]:
    yield _people(now)[1]
    chunks = [(now, count, first) for first in range(0, count, CHUNK)]
    with multiprocessing.get_context("spawn").Pool(min(PROCESSES, len(chunks))) as pool:
        yield from pool.imap(_chunk, chunks)


def _people(now: int) -> tuple[People, Batch]:
    rows = Rows(SEED)
    return make_people(rows, now - (DAYS + 30) * DAY), rows.taken()


def _chunk(given: tuple[int, int, int]) -> Batch:
    """CHUNK referrals from `first` on. The newest are open; those of FIVE and MANY are spread evenly."""
    now, count, first = given
    people, rows = _people(now)[0], Rows(f"{SEED} {first}")
    referrals = Referrals(rows, people, now)
    opened = max(1, count // OPEN_SHARE)
    over = count - opened
    theirs = _spread(over, 5, 0, people.five) | _spread(over, min(400, over // 4), 1, people.many)
    span = (DAYS - 2) * DAY
    for number in range(first, min(first + CHUNK, count)):
        if number < over:
            referrals.add(now - DAYS * DAY + int((number + rows.dice.random()) * span / over), to=theirs.get(number))
        else:
            referrals.add(now - 25 * MINUTE + (number - over) * 20 * MINUTE // opened, is_open=True)
    return rows.taken()


def _spread(over: int, count: int, shift: int, whom: Agent) -> dict[int, Agent]:
    return {int((place + 0.5) * over / count) + shift: whom for place in range(count)}


def _copy(dsn: str, batches: Iterable[Batch]) -> None:
    """Writes in a thread of its own, while the next rows are being made."""
    waiting: queue.Queue[Batch | None] = queue.Queue(maxsize=3)
    failed: list[psycopg.Error] = []

    def write() -> None:
        with psycopg.connect(dsn, autocommit=True) as connection:
            while (batch := waiting.get()) is not None:
                try:
                    _write(connection, batch) if not failed else None
                except psycopg.Error as error:
                    failed.append(error)

    writer = threading.Thread(target=write)
    writer.start()
    for batch in batches:
        waiting.put(batch)
    waiting.put(None)
    writer.join()
    if failed:
        raise failed[0]


def _write(connection: Connection, batch: Batch) -> None:
    for table, columns in COLUMNS.items():
        if table in batch:
            names = ", ".join(f'"{column}"' for column in columns.split())
            with connection.cursor().copy(f'COPY "{table}" ({names}) FROM STDIN'.encode()) as copy:
                copy.write(batch[table][0])


def _strip(connection: Connection) -> list[str]:
    """Drops foreign keys and indexes. Returns the statements that create them again."""
    keys = connection.execute(
        "SELECT contype = 'f', conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE connamespace = 'public'::regnamespace AND (contype = 'f' OR contype IN ('u', 'p')"
        " AND conrelid::regclass::text = ANY(%s)) ORDER BY contype = 'f' DESC",
        (list(COLUMNS),),
    ).fetchall()
    for _, table, name, _ in keys:
        connection.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"'.encode())
    indexes = connection.execute(
        "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index"
        " WHERE indrelid::regclass::text = ANY(%s)",
        (list(COLUMNS),),
    ).fetchall()
    for name, _ in indexes:
        connection.execute(f"DROP INDEX {name}".encode())
    again = [
        f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}' for _, table, name, definition in reversed(keys)
    ]
    return [str(definition) for _, definition in indexes] + again
