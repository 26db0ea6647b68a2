"""/healthz and /readyz: what a load balancer is told when a part is away."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
import requests
from alembic.script import ScriptDirectory
from flask import Flask
from redis import Redis
from rq.worker import Worker

from app import create_app
from app.config import load_settings
from app.extensions import db
from deploy.processes import ROOT
from devtools.postgres import Postgres
from devtools.valkey import Valkey
from tests.support.world.network import Network
from tests.support.world.product import Product
from tests.support.world.waiting import eventually

LONG_AGO = timedelta(minutes=2)
NEWER = "0123456789ab"
"""A revision that this release does not know."""
Probe = Callable[[], tuple[int, dict[str, str]]]


@pytest.fixture
def readyz(product: Product, network: Network) -> Iterator[Probe]:
    """Asks the running product; afterwards everything is back."""

    def ask() -> tuple[int, dict[str, str]]:
        answer = requests.get(f"{product.url}/readyz", timeout=10)
        return answer.status_code, answer.json()

    yield ask
    product.wait_until_ready()


@pytest.fixture
def connection(product: Product) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(product.env["DATABASE_URL"].replace("+psycopg", ""), autocommit=True) as made:
        yield made


@pytest.fixture
def revision(connection: psycopg.Connection[Any]) -> Iterator[Callable[[str | None], None]]:
    """Makes the database look as if it were at another revision; None: before the first."""
    found = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    assert found is not None

    def change(to: str | None) -> None:
        connection.execute("DELETE FROM alembic_version")
        if to is not None:
            connection.execute("INSERT INTO alembic_version VALUES (%s)", (to,))

    yield change
    change(found[0])


def app_with(product: Product, **settings: str) -> Flask:
    """The product in this process, with other servers than the rest of it."""
    return create_app(load_settings({**product.env, **settings}))


def ask_within(app: Flask, path: str) -> tuple[int, dict[str, str]]:
    """Asks an app of this process, and closes what it has opened."""
    try:
        answer = app.test_client().get(path)
        return answer.status_code, answer.get_json()
    finally:
        with app.app_context():
            db.engine.dispose()


def not_ok(parts: dict[str, str]) -> dict[str, str]:
    return {part: state for part, state in parts.items() if state != "ok"}


def healthz(product: Product) -> tuple[int, dict[str, str]]:
    answer = requests.get(f"{product.url}/healthz", timeout=10)
    return answer.status_code, answer.json()


def test_all_is_well(readyz: Probe, product: Product) -> None:
    status, parts = readyz()
    assert (status, not_ok(parts)) == (200, {})
    assert set(parts) == {"status", "database", "redis", "sweeper", "worker_voice", "worker_messages"}
    assert healthz(product) == (200, {"status": "ok"})


@pytest.mark.parametrize("name", ["voice", "messages"])
def test_a_worker_that_was_stopped_is_missed_at_once(readyz: Probe, product: Product, name: str) -> None:
    product.workers[name].stop()
    try:
        missed = {"status": "not ready", f"worker_{name}": "not running"}
        eventually(lambda: not_ok(readyz()[1]) == missed, "the stopped worker is missed")
        assert readyz()[0] == 503
        assert healthz(product)[0] == 200
    finally:
        product.workers[name].start()


@pytest.mark.parametrize("name", ["voice", "messages"])
def test_a_killed_worker_is_missed_when_its_heartbeat_is_old(readyz: Probe, product: Product, name: str) -> None:
    product.workers[name].kill()
    try:
        with Redis.from_url(product.env["REDIS_URL"]) as redis:
            old = (datetime.now(UTC) - LONG_AGO).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
            for worker in Worker.all(connection=redis):
                if name in worker.queue_names():
                    redis.hset(worker.key, "last_heartbeat", old)
        status, parts = readyz()
        assert (status, not_ok(parts)) == (503, {"status": "not ready", f"worker_{name}": "not running"})
    finally:
        product.workers[name].start()


def test_a_sweeper_whose_heartbeat_is_old_is_missed(
    readyz: Probe, product: Product, connection: psycopg.Connection[Any]
) -> None:
    product.workers["sweeper"].kill()
    try:
        assert readyz()[0] == 200  # it was there a moment ago
        connection.execute("UPDATE heartbeat SET at = at - %s", (LONG_AGO,))
        status, parts = readyz()
        assert (status, not_ok(parts)) == (503, {"status": "not ready", "sweeper": "not running"})
        connection.execute("DELETE FROM heartbeat")
        assert not_ok(readyz()[1]) == {"status": "not ready", "sweeper": "not running"}
    finally:
        product.workers["sweeper"].start()


def test_redis_away(readyz: Probe, product: Product, servers: tuple[Postgres, Valkey]) -> None:
    servers[1].kill()
    try:
        status, parts = readyz()
        assert (status, not_ok(parts)) == (503, {
            "status": "not ready", "redis": "unreachable", "worker_voice": "unknown", "worker_messages": "unknown",
        })  # fmt: skip
        assert healthz(product)[0] == 200
    finally:
        servers[1].start()


def test_the_database_away(product: Product, network: Network) -> None:
    app = app_with(product, DATABASE_URL="postgresql://dibs@/dibs?host=/nowhere")
    status, parts = ask_within(app, "/readyz")
    assert (status, not_ok(parts)) == (
        503, {"status": "not ready", "database": "unreachable", "sweeper": "unknown"},
    )  # fmt: skip
    assert ask_within(app, "/healthz") == (200, {"status": "ok"})


def test_everything_away_is_still_an_answer(product: Product, network: Network) -> None:
    app = app_with(
        product, DATABASE_URL="postgresql://dibs@/dibs?host=/nowhere", REDIS_URL="unix:///nowhere/valkey.sock"
    )
    status, parts = ask_within(app, "/readyz")
    assert (status, parts["database"], parts["redis"]) == (503, "unreachable", "unreachable")
    assert ask_within(app, "/healthz") == (200, {"status": "ok"})


def test_an_older_migration_is_not_ready(readyz: Probe, revision: Callable[[str | None], None]) -> None:
    scripts = ScriptDirectory(str(ROOT / "migrations"))
    older = [script.down_revision for script in scripts.walk_revisions()]
    for before in older:
        assert before is None or isinstance(before, str)
        revision(before)
        status, parts = readyz()
        assert (status, not_ok(parts)) == (503, {"status": "not ready", "database": "not migrated"})


def test_a_newer_migration_than_this_release_is_ready(readyz: Probe, revision: Callable[[str | None], None]) -> None:
    revision(NEWER)
    status, parts = readyz()
    assert (status, not_ok(parts)) == (200, {})


def test_the_probes_ask_for_no_sign_in_and_are_never_stored(product: Product, network: Network) -> None:
    for path in ("/healthz", "/readyz"):
        answer = requests.get(product.url + path, allow_redirects=False, timeout=10)
        assert answer.ok
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Content-Type"] == "application/json"


def test_workers_are_known_again_once_redis_has_lost_everything(readyz: Probe, product: Product) -> None:
    with Redis.from_url(product.env["REDIS_URL"]) as shared:
        shared.flushall()
    eventually(lambda: readyz()[0] == 200, "every worker says again who it is", patience=40)


def test_strangers_are_told_yes_or_no(product: Product) -> None:
    app = app_with(product, TRUSTED_PROXIES="1")
    client = app.test_client()
    stranger = client.get("/readyz", headers={"X-Forwarded-For": "203.0.113.9"})
    assert set(stranger.json or {}) == {"status"}
    with app.app_context():
        db.engine.dispose()
