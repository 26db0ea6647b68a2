"""Connections: what a transaction that only read leaves behind, and how long a lock is waited for."""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from app import create_app
from app.config import load_settings
from app.core.database import connections
from app.core.database.connections import LocksWaitForever
from app.extensions import db
from app.people.models import Team
from tests.support.world.network import AgentInTest, Network
from tests.support.world.product import Product

ASKED_OFTEN = 12
"""Times; psycopg prepares what it has asked five times."""
PREPARED = "SELECT count(*) FROM pg_prepared_statements"


def prepared(app: Flask) -> int:
    """How many statements the one connection of this process knows."""
    with app.app_context(), db.engine.connect() as connection:
        assert db.engine.pool.checkedin() == 0, "more than one connection"
        return int(connection.scalar(text(PREPARED)) or 0)


def test_pages_that_only_read_keep_what_postgres_has_planned(
    product: Product, network: Network, sam: AgentInTest
) -> None:
    _referral, page = network.offered(sam)
    app = create_app(load_settings(product.env))
    visitor = app.test_client()
    for _ in range(ASKED_OFTEN):
        assert visitor.get(urlsplit(page.link).path).status_code == 200
    assert prepared(app) > 0
    with app.app_context():
        db.engine.dispose()


def add(session: Session) -> None:
    session.add(Team(name="Lakeline"))


def add_and_flush(session: Session) -> None:
    add(session)
    session.flush()


def rename(session: Session) -> None:
    session.scalars(select(Team)).one().name = "Lakeline"


def rename_by_statement(session: Session) -> None:
    session.execute(update(Team).values(name="Lakeline"))


def rename_by_hand(session: Session) -> None:
    session.execute(text("UPDATE team SET name = 'Lakeline'"))


@pytest.mark.parametrize("write", [add, add_and_flush, rename, rename_by_statement, rename_by_hand])
def test_what_was_written_and_not_committed_is_rolled_back(app: Flask, write: Callable[[Session], None]) -> None:
    db.session.add(Team(name="Bluebonnet"))
    db.session.commit()
    with app.app_context():
        db.session.scalars(select(Team)).all()
        write(db.session())
    assert db.session.scalars(select(Team.name)).all() == ["Bluebonnet"]


def test_without_a_bound_on_lock_waits_nothing_connects(product: Product) -> None:
    settings = load_settings(product.env)
    bare = Flask("bare")
    options = connections.engine_options(settings)
    del options["connect_args"]["options"]  # as a pooler does that is told to ignore it
    bare.config.update(SQLALCHEMY_DATABASE_URI=settings.database_url, SQLALCHEMY_ENGINE_OPTIONS=options)
    connections.bind(bare, settings)
    with bare.app_context(), pytest.raises(LocksWaitForever, match="DATABASE_POOLER"):
        db.session.scalar(select(Team))
    with bare.app_context():
        db.engine.dispose()


def test_behind_a_pooler_each_transaction_bounds_its_own_waits_and_prepares_nothing(
    product: Product, network: Network, sam: AgentInTest
) -> None:
    _referral, page = network.offered(sam)
    app = create_app(load_settings({**product.env, "DATABASE_POOLER": "transaction"}))
    visitor = app.test_client()
    for _ in range(ASKED_OFTEN):
        assert visitor.get(urlsplit(page.link).path).status_code == 200
    assert prepared(app) == 0
    with app.app_context():
        for _ in range(2):
            assert db.session.scalar(text("SHOW lock_timeout")) == "2s"
            db.session.commit()
        db.engine.dispose()
