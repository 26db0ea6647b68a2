"""Migrations: in order, each in a transaction of its own, bounded, linted, and to the same schema as the models'."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from flask_migrate import upgrade
from sqlalchemy import Connection, create_engine, event

from app import create_app
from app.config import load_settings
from app.extensions import db
from deploy.processes import ROOT
from devtools.migrations_lint import LANDED, findings, migrations
from devtools.postgres import Postgres
from devtools.valkey import Valkey

SCRIPTS = ScriptDirectory(str(ROOT / "migrations"))
CONSTRAINTS = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
 WHERE connamespace = 'public'::regnamespace AND contype <> 'n' AND conrelid::regclass::text <> 'alembic_version'
"""
INDEXES = """
SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'alembic_version'
"""
COMPUTED = """
SELECT attrelid::regclass::text, attname, pg_get_expr(adbin, adrelid)
  FROM pg_attribute JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum WHERE attgenerated <> ''
"""
LITERALS = re.compile(r"ARRAY\[[^\]]*\]")


@pytest.fixture(scope="module")
def sql() -> list[tuple[str, str]]:
    return list(migrations())


def test_files_sort_in_the_order_in_which_they_run() -> None:
    run = [revision.module.__file__ for revision in SCRIPTS.walk_revisions()][::-1]
    assert run == sorted(run, key=str)


def test_a_new_one_is_named_to_come_last() -> None:
    config = Config(str(ROOT / "migrations" / "alembic.ini"))
    config.set_main_option("script_location", str(ROOT / "migrations"))
    named = ScriptDirectory.from_config(config).file_template
    newest = max(path.name for path in (ROOT / "migrations" / "versions").glob("*.py"))
    assert named == "%(year)d%(month).2d%(day).2d_%(hour).2d%(minute).2d_%(slug)s"
    assert newest < f"{datetime.now(UTC):%Y%m%d_%H%M}_x.py"


def test_each_is_one_transaction(sql: list[tuple[str, str]]) -> None:
    assert [revision for revision, _ in sql] == [r.revision for r in SCRIPTS.walk_revisions()][::-1]


def test_each_has_bounds_and_a_commit_of_its_own(servers: tuple[Postgres, Valkey]) -> None:
    postgres, _ = servers
    postgres.make_database("step_by_step")
    app = create_app(load_settings({"DATABASE_URL": postgres.url("step_by_step")}))
    seen = []
    with app.app_context():

        @event.listens_for(db.engine, "commit")
        def before_commit(connection: Connection) -> None:
            seen.append(
                [connection.exec_driver_sql(f"SHOW {name}").scalar() for name in ("lock_timeout", "statement_timeout")]
            )

        upgrade()
        db.engine.dispose()
    assert seen.count(["3s", "1min"]) == len(seen) > len(list(SCRIPTS.walk_revisions()))


def test_squawk_finds_nothing(sql: list[tuple[str, str]]) -> None:
    assert [str(finding) for revision, text in sql for finding in findings(revision, text)] == []


def test_squawk_would_find_a_lock_that_holds_up_the_running_release() -> None:
    index = "CREATE INDEX ix_offer_wave ON offer (wave);"
    assert [finding.rule for finding in findings("a new one", index)] == ["require-concurrent-index-creation"]
    assert findings(next(iter(LANDED)), index) == []


@pytest.fixture(scope="module")
def migrated_and_made(servers: tuple[Postgres, Valkey], template: str) -> Iterator[tuple[Any, Any]]:
    """Connections to a database made by the migrations, and to one made from the models."""
    postgres, _ = servers
    postgres.make_database("as_migrated", template)
    postgres.make_database("as_modelled")
    engine = create_engine(postgres.url("as_modelled"))
    db.metadata.create_all(engine)
    engine.dispose()
    urls = [postgres.url(name).replace("postgresql+psycopg", "postgresql") for name in ("as_migrated", "as_modelled")]
    with psycopg.connect(urls[0]) as migrated, psycopg.connect(urls[1]) as made:
        yield migrated, made


@pytest.mark.parametrize("query", [CONSTRAINTS, INDEXES, COMPUTED], ids=["constraints", "indexes", "computed columns"])
def test_migrations_say_the_same_as_models(migrated_and_made: tuple[Any, Any], query: str) -> None:
    migrated, made = ({_plain(row) for row in connection.execute(query)} for connection in migrated_and_made)
    assert migrated == made
    assert made


def _plain(row: tuple[str, ...]) -> tuple[str, ...]:
    """In an ARRAY of literals the order says nothing."""
    return tuple(LITERALS.sub(lambda found: ",".join(sorted(re.findall(r"'[^']*'", found[0]))), part) for part in row)
