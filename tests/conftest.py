"""Real servers for each test worker: Postgres, Valkey, and the product's own processes."""

import shutil
import subprocess
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
import redis
from flask import Flask
from flask_migrate import upgrade
from hypothesis import settings
from playwright.sync_api import Browser, BrowserType, sync_playwright

from app import create_app
from app.config import load_settings
from app.extensions import db
from devtools.postgres import Postgres, short_folder
from devtools.valkey import Valkey
from tests.support.browser.chromium import FLAGS, WHOLE
from tests.support.carrier.carrier import Carrier
from tests.support.carrier.contract import check_request
from tests.support.carrier.hooks import Hooks
from tests.support.ledger.facts import read_facts
from tests.support.ledger.ledger import unexplained
from tests.support.world.commands import flask
from tests.support.world.database import Database
from tests.support.world.emptying import delete_rows
from tests.support.world.in_process import InProcess
from tests.support.world.moves import hold_to_tables
from tests.support.world.network import AgentInTest, Network
from tests.support.world.product import Product
from tests.support.world.waiting import eventually

pytest_plugins = ["tests.support.rings", "tests.support.timings"]
settings.register_profile("busy machine", deadline=None)  # an example may be slow, and say nothing by it
settings.load_profile("busy machine")

NONE_ON_THE_WAY = (
    "SELECT count(*) FROM notification WHERE status = 'sending' AND taken_at > now() - interval '5 seconds'"
)


@pytest.fixture(scope="session")
def servers() -> Iterator[tuple[Postgres, Valkey]]:
    """Empty servers of this worker's own."""
    folder = short_folder("dibs-test-")
    postgres, valkey = Postgres(folder / "pg", folder, durable=False), Valkey(folder / "valkey", folder)
    postgres.start()
    valkey.start()
    yield postgres, valkey
    valkey.stop()
    postgres.stop()
    subprocess.run(["rm", "-rf", str(folder)], check=False)


@pytest.fixture(scope="session")
def template(servers: tuple[Postgres, Valkey]) -> str:
    """The name of a migrated database, from which others are copied."""
    postgres, _ = servers
    postgres.make_database("migrated")
    made = create_app(load_settings({"DATABASE_URL": postgres.url("migrated")}))
    with made.app_context():
        upgrade()
        db.engine.dispose()
    hold_to_tables(postgres.url("migrated"))
    return "migrated"


@pytest.fixture(scope="session")
def product(
    servers: tuple[Postgres, Valkey], template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Product]:
    """The product, migrated and running."""
    postgres, valkey = servers
    postgres.make_database("dibs", template)
    made = Product(postgres.url("dibs"), valkey.url(), tmp_path_factory.mktemp("log"))
    made.start()
    yield made
    made.stop()


@pytest.fixture(scope="session")
def carrier(product: Product) -> Carrier:
    """The sandbox's phones and inbox."""
    return Carrier(f"http://127.0.0.1:{product.sandbox_port}")


@pytest.fixture(scope="session")
def database(product: Product, carrier: Carrier) -> Database:
    """The rows themselves."""
    return Database(product.env["DATABASE_URL"], carrier.has_told_everything)


@pytest.fixture(scope="session")
def hooks(product: Product) -> Hooks:
    """What the carrier asks of us, signed."""
    return Hooks(product.url, product.env["TWILIO_AUTH_TOKEN"])


@pytest.fixture(scope="session")
def api_key(product: Product) -> str:
    """A key as an operator makes it."""
    return flask(product, "keys", "create", "tests").strip()


@pytest.fixture(scope="session")
def chromium() -> Iterator[BrowserType]:
    """What launches browsers."""
    with sync_playwright() as playwright:
        yield playwright.chromium


@pytest.fixture(scope="session")
def browser(chromium: BrowserType) -> Iterator[Browser]:
    """Debian's Chromium without a window, and without what only a window needs: notifications, and a taskbar.

    It takes a fifth less time than the whole one, which tests/web/pwa has, and which stands in where it is missing.
    """
    made = chromium.launch(executable_path=shutil.which("chromium-headless-shell") or WHOLE, args=FLAGS)
    yield made
    made.close()


@pytest.fixture
def network(product: Product, carrier: Carrier, database: Database, api_key: str) -> Iterator[Network]:
    """A fresh network: no rows, no phones, and a key to post with. What is sent must have its reason in the rows."""
    empty(product)
    carrier.reset()
    forget_limits(product)
    database.moved.clear()
    made = Network(product.url, api_key, carrier)
    yield made
    state = carrier.state()
    assert state["errors"] == []
    for asked in state["requests"]:  # whatever a test was about, what we asked of the carrier is what Twilio describes
        check_request(asked["method"], asked["path"], asked["params"])
    facts = read_facts(product.env["DATABASE_URL"], earlier=made.contacts, moved=database.moved)
    strange = unexplained(state, facts, made.expected)
    assert not strange, "\n".join(["nothing explains what was sent:", *strange])


@pytest.fixture
def sam(network: Network) -> AgentInTest:
    """An agent who is on their own."""
    return network.add_agent("Sam Ortiz")


@pytest.fixture
def app(product: Product, network: Network) -> Iterator[Flask]:
    """The product's code on the rows of this test."""
    made = create_app(load_settings(product.env))
    with made.app_context():
        yield made
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="session")
def in_process(servers: tuple[Postgres, Valkey], template: str) -> Iterator[InProcess]:
    """The product in the test's own process, in a database of its own."""
    postgres, valkey = servers
    postgres.make_database("orders", template)
    made = InProcess(postgres.url("orders"), valkey.url(1))
    yield made
    made.close()


def empty(product: Product) -> None:
    """Removes all rows but the migration's own and the API key. What still runs may hold a row for a moment.

    Messages on their way are let arrive, and what waits is never sent: nothing of one test is seen by the next.
    """
    url = product.env["DATABASE_URL"].replace("postgresql+psycopg", "postgresql")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("UPDATE notification SET status = 'dropped', ended_at = now() WHERE status = 'queued'")
        eventually(lambda: connection.execute(NONE_ON_THE_WAY).fetchone() == (0,), "messages that have arrived")
        eventually(lambda: _emptied(connection), "an empty database")


def forget_limits(product: Product) -> None:
    """What other tests have used up is no matter of this one's."""
    with redis.Redis.from_url(product.env["REDIS_URL"]) as connection:
        for key in connection.scan_iter("LIMITS*"):
            connection.delete(key)


def _emptied(connection: psycopg.Connection[Any]) -> bool:
    try:
        delete_rows(connection, but=("api_key",))
    except psycopg.errors.DeadlockDetected:
        return False
    return True
