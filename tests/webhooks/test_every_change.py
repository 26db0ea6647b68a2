"""Whatever statement moves a status, the event is recorded with it: triggers forget nobody."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from app.bookings.models import BookingStatus
from app.calls.rules import CallStatus
from app.offers.rules import OfferStatus
from app.referrals.rules import ReferralStatus
from app.webhooks.rules import TYPES
from devtools.postgres import Postgres
from devtools.valkey import Valkey

STATUSES: Mapping[str, type[StrEnum]] = {
    "referral": ReferralStatus,
    "offer": OfferStatus,
    "call": CallStatus,
    "booking": BookingStatus,
}
FREE = """
SELECT format('ALTER TABLE %I ALTER %I DROP NOT NULL', table_name, column_name) FROM information_schema.columns
WHERE table_schema = 'public' AND is_nullable = 'NO' AND column_name <> ALL ('{id,referral_id}')
AND table_name = ANY ('{referral,offer,call,booking,claim,deal,change}')
UNION ALL SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) FROM pg_constraint
WHERE contype IN ('c', 'f') AND conrelid::regclass::text = ANY ('{referral,offer,call,booking,claim,deal,change}')
"""
ENDPOINT = """
INSERT INTO webhook_endpoint (id, url, topics, secret, created_at)
VALUES (gen_random_uuid(), 'https://crm.example/', '{referral,offer,call,claim,booking,agent,team}', '', now())
"""
NEWEST = "SELECT type, data FROM webhook_event ORDER BY at DESC LIMIT 1"
Rows = psycopg.Connection[Any]


@pytest.fixture(scope="module")
def rows(servers: tuple[Postgres, Valkey], template: str) -> Iterator[Rows]:
    """A database with an endpoint, whose tables take rows that are not whole."""
    postgres, _ = servers
    postgres.make_database("every_change", template)
    with psycopg.connect(postgres.url("every_change").replace("+psycopg", ""), autocommit=True) as connection:
        for (statement,) in connection.execute(FREE).fetchall():
            connection.execute(statement)
        connection.execute(ENDPOINT)
        yield connection


def made(rows: Rows, table: str, **values: object) -> str:
    """A new row, of these values alone."""
    row_id = str(uuid4())
    columns = {"id": row_id, **values} if table != "deal" else values
    names, marks = ", ".join(columns), ", ".join(["%s"] * len(columns))
    rows.execute(f'INSERT INTO "{table}" ({names}) VALUES ({marks})'.encode(), list(columns.values()))
    return row_id


def newest(rows: Rows) -> tuple[str, dict[str, Any]]:
    """The type of the newest event and its facts. It is one of those that are declared, and on its way."""
    found = rows.execute(NEWEST).fetchone()
    assert found is not None
    assert found[0] in TYPES
    assert rows.execute(
        "SELECT count(*) FROM webhook_event WHERE id NOT IN (SELECT event_id FROM webhook_delivery)"
    ).fetchone() == (0,)
    return found[0], found[1]


@pytest.mark.parametrize(("table", "status"), [(table, one) for table, many in STATUSES.items() for one in many])
def test_each_status_is_an_event(rows: Rows, table: str, status: StrEnum) -> None:
    referral_id = str(uuid4())
    offer_id = made(rows, "offer", referral_id=referral_id, status="sent")
    known = {"offer_id": offer_id} if table in ("call", "booking") else {"referral_id": referral_id}
    known = {} if table == "referral" else known
    row_id = made(rows, table, status=next(one for one in STATUSES[table] if one is not status), **known)
    rows.execute(f'UPDATE "{table}" SET status = %s WHERE id = %s'.encode(), [status, row_id])
    name, data = newest(rows)
    assert name == f"{table}.{status}"
    assert (data[f"{table}_id"], data["status"]) == (row_id, status)
    assert data["referral_id"] == (row_id if table == "referral" else referral_id)


def test_a_status_set_to_what_it_is_is_no_event(rows: Rows) -> None:
    row_id = made(rows, "referral", status="open")
    before = rows.execute("SELECT count(*) FROM webhook_event").fetchone()
    rows.execute("UPDATE referral SET status = 'open', notes = 'x' WHERE id = %s", [row_id])
    assert rows.execute("SELECT count(*) FROM webhook_event").fetchone() == before


@pytest.mark.parametrize(
    ("table", "column", "value", "event"),
    [
        ("deal", "stage", "met", "referral.stage"),
        ("call", "reached", "person", "call.reached"),
        ("call", "outcome", "talked", "call.outcome"),
        ("claim", "ended_at", "2026-11-28T12:00:00Z", "claim.ended"),
        ("booking", "due_at", "2026-11-28T12:00:00Z", "booking.moved"),
    ],
)
def test_so_is_each_other_change_that_counts(rows: Rows, table: str, column: str, value: str, event: str) -> None:
    referral_id = str(uuid4())
    offer_id = made(rows, "offer", referral_id=referral_id, status="sent")
    which = {"referral_id": referral_id} if table == "deal" else {"offer_id": offer_id}
    more = {"call": {"status": "ringing"}, "booking": {"status": "booked"}, "claim": {"referral_id": referral_id}}
    made(rows, table, **which, **more.get(table, {}))
    key, of = next(iter(which.items()))
    rows.execute(f'UPDATE "{table}" SET {column} = %s WHERE {key} = %s'.encode(), [value, of])
    name, data = newest(rows)
    assert (name, data["referral_id"]) == (event, referral_id)


@pytest.mark.parametrize("noun", ["agent", "team"])
@pytest.mark.parametrize(("before", "event"), [(None, "added"), ("null", "added"), ('{"name": "Sam"}', "changed")])
def test_agents_and_teams_are_told_by_what_was_changed(rows: Rows, noun: str, before: str | None, event: str) -> None:
    row_id = str(uuid4())
    made(rows, "change", noun=noun, row_id=row_id, before=before, after='{"name": "Priya"}')
    assert newest(rows) == (f"{noun}.{event}", {f"{noun}_id": row_id, "fields": ["name"]})


def test_ids_of_events_are_times(rows: Rows) -> None:
    ids = [rows.execute("SELECT webhook_id()").fetchone() for _ in range(3)]
    found = [one[0] for one in ids if one is not None]
    assert [one.version for one in found] == [7, 7, 7]
    assert rows.execute(
        "SELECT abs(extract(epoch FROM now()) * 1000 - %s) < 60000", [found[0].int >> 80]
    ).fetchone() == (True,)
