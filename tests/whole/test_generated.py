"""`make scale` generates rows that the product itself could have left behind."""

import psycopg
import pytest

from devtools.postgres import Postgres
from devtools.scale.fill import fill
from devtools.valkey import Valkey

REFERRALS = 400
INDEXES = """
    SELECT indexrelid::regclass::text, indisunique, indisvalid, indkey::text, indpred IS NOT NULL FROM pg_index
     WHERE indrelid::regclass::text IN (SELECT tablename FROM pg_tables WHERE schemaname = 'public') ORDER BY 1
"""
CONSTRAINTS = """
    SELECT conrelid::regclass::text, conname, convalidated, conkey FROM pg_constraint
     WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2
"""
OFFERED, CLAIMED = (f"EXISTS (SELECT FROM {table} x WHERE x.referral_id = r.id)" for table in ("offer", "claim"))
BELONGS = {
    "an offer at least": f"SELECT count(*) FROM referral r WHERE NOT {OFFERED}",
    "a claim, if claimed": f"SELECT count(*) FROM referral r WHERE (r.status = 'claimed') <> {CLAIMED}",
    "an end, if over": "SELECT count(*) FROM offer WHERE status = 'sent' AND expires_at < now()",
}


@pytest.fixture(scope="module")
def filled(servers: tuple[Postgres, Valkey], template: str) -> str:
    """The DSN of a generated network."""
    postgres, _ = servers
    postgres.make_database("generated", template)
    dsn = postgres.url("generated").replace("+psycopg", "")
    fill(dsn, REFERRALS)
    return dsn


def rows(dsn: str, query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(dsn, autocommit=True) as connection:
        return connection.execute(query.encode()).fetchall()


def test_indexes_and_constraints_are_back(filled: str, servers: tuple[Postgres, Valkey], template: str) -> None:
    before = servers[0].url(template).replace("+psycopg", "")
    assert rows(filled, INDEXES) == rows(before, INDEXES) != []
    assert rows(filled, CONSTRAINTS) == rows(before, CONSTRAINTS) != []


@pytest.mark.parametrize("what", BELONGS)
def test_each_referral_has_what_belongs_to_it(filled: str, what: str) -> None:
    assert rows(filled, BELONGS[what]) == [(0,)]


def test_it_is_as_large_as_was_asked_for(filled: str) -> None:
    assert rows(filled, "SELECT count(*) FROM referral") == [(REFERRALS,)]
    assert rows(filled, "SELECT count(*) FROM referral WHERE status = 'open' AND id IN"
                        " (SELECT referral_id FROM offer WHERE status = 'sent')") == [(2,)]  # fmt: skip
