"""The migrations make what the models say, and constraints stand where code could be wrong."""

from collections.abc import Iterator

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine, inspect

from app.core.database.ids import new_id
from app.extensions import db
from app.models import __all__ as ALL_MODELS
from tests.support.carrier.carrier import Carrier
from tests.support.world.network import Network
from tests.support.world.product import Product


@pytest.fixture
def connection(product: Product, network: Network) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    url = product.env["DATABASE_URL"].replace("postgresql+psycopg", "postgresql")
    with psycopg.connect(url, autocommit=True) as made:
        yield made


def test_migrations_and_models_are_the_same(product: Product) -> None:
    engine = create_engine(product.env["DATABASE_URL"])
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), db.metadata) == []
        checks = {
            (table, check["name"])
            for table in inspect(connection).get_table_names()
            for check in inspect(connection).get_check_constraints(table)
        }
    engine.dispose()
    wanted = {
        (table.name, constraint.name)
        for table in db.metadata.tables.values()
        for constraint in table.constraints
        if constraint.__class__.__name__ == "CheckConstraint"
    }
    assert checks == wanted
    assert len(ALL_MODELS) == len(db.metadata.tables)


def test_the_database_itself_refuses_a_second_claim(
    connection: psycopg.Connection[tuple[object, ...]], network: Network, carrier: Carrier
) -> None:
    team = network.add_team()
    network.add_agent("Sam Ortiz", team)
    network.add_agent("Priya Raman", team)
    network.refer(team_id=team)
    with pytest.raises(psycopg.errors.UniqueViolation, match="uq_offer_one_claimed"):
        connection.execute("UPDATE offer SET status = 'claimed', ended_at = now()")


def test_the_database_itself_refuses_a_second_live_call_to_one_agent(
    connection: psycopg.Connection[tuple[object, ...]], network: Network, carrier: Carrier
) -> None:
    sam = network.add_agent()
    network.refer(agent_id=sam.id)
    insert = (
        "INSERT INTO call (id, offer_id, agent_id, direction, attempt, phone, status, requested_at, ring_deadline_at)"
        " SELECT %s, id, agent_id, 'outbound', 1, '+15125551001', 'ringing', now(), now() FROM offer"
    )
    connection.execute(insert, (new_id(),))
    with pytest.raises(psycopg.errors.UniqueViolation, match="uq_call_one_live_per_agent"):
        connection.execute(insert, (new_id(),))


def test_an_event_is_kept_once(
    connection: psycopg.Connection[tuple[object, ...]], network: Network, carrier: Carrier
) -> None:
    unique = connection.execute(
        "SELECT indexname FROM pg_indexes WHERE indexdef LIKE 'CREATE UNIQUE%'"
        " AND tablename IN ('call_event', 'receipt')"
    ).fetchall()
    assert {name for (name,) in unique} >= {"uq_call_event_key", "uq_receipt_provider_id_status"}


@pytest.mark.parametrize(
    ("statement", "error"),
    [
        ("UPDATE agent SET phone = '512 555 1001'", "ck_agent_phone_is_e164"),
        ("UPDATE account SET email = '@host'", "ck_account_email_has_host"),
        ("UPDATE client SET phone = '5125557001'", "ck_client_phone_is_e164"),
        ("UPDATE referral SET team_id = gen_random_uuid()", "ck_referral_one_target"),
        ("UPDATE referral SET price_max = price_min - 1", "ck_referral_price_in_order"),
        ("UPDATE referral SET status = 'claimed'", "ck_referral_claimed_has_time"),
        ("UPDATE referral SET status = 'sold'", "ck_referral_referralstatus"),
        ("UPDATE offer SET status = 'claimed'", "ck_offer_ended_when_over"),
        ("UPDATE notification SET offer_id = NULL", "ck_notification_offer_named"),
        ("DELETE FROM agent", "fk_"),
        ("DELETE FROM client", "fk_"),
        ("UPDATE offer SET agent_id = gen_random_uuid()", "fk_offer_agent_id"),
        ("UPDATE agent SET sms_consent_source = NULL", "ck_agent_consent_has_source"),
        ("UPDATE agent SET takes_buyers = false, takes_sellers = false", "ck_agent_takes_something"),
    ],
)
def test_the_database_itself_refuses_what_cannot_be(
    connection: psycopg.Connection[tuple[object, ...]], network: Network, carrier: Carrier, statement: str, error: str
) -> None:
    network.refer(agent_id=network.add_agent().id)
    with pytest.raises(psycopg.IntegrityError, match=error):
        connection.execute(statement.encode())
