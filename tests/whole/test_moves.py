"""Status moves by the tables of transitions alone: the database of the tests refuses the product any other move."""

from collections.abc import Iterator
from enum import StrEnum
from itertools import product as pairs
from typing import Any

import psycopg
import pytest

from app.calls.models import Call
from app.calls.rules import TRANSITIONS as CALLS
from app.calls.rules import CallStatus
from app.calls.service import move
from app.core.clock import now
from app.core.database.transitions import ForbiddenMove
from app.offers.models import Offer
from app.offers.rules import TRANSITIONS as OFFERS
from app.offers.rules import OfferStatus
from app.offers.service import end_offer
from tests.support.carrier.carrier import Carrier
from tests.support.world.moves import PRODUCT, TABLES
from tests.support.world.network import Network
from tests.support.world.product import Product

FORBIDDEN = [
    ("referral", "closed", "open"),
    ("offer", "claimed", "sent"),
    ("offer", "lost", "claimed"),
    ("notification", "delivered", "sent"),
    ("notification", "dropped", "queued"),
]


@pytest.fixture
def as_product(product: Product, network: Network, carrier: Carrier) -> Iterator[psycopg.Connection[Any]]:
    """A connection that looks like the product's, with an offer and its messages in the database."""
    network.refer(agent_id=network.add_agent().id)
    url = product.env["DATABASE_URL"].replace("postgresql+psycopg", "postgresql")
    with psycopg.connect(url, autocommit=True) as made, product.without("messages", "sweeper"):
        yield made


def puts(connection: psycopg.Connection[Any], table: str, status: str) -> None:
    """Rows of the table into a state, past the trigger, as a test would."""
    connection.execute("SET application_name = 'a test'")
    connection.execute(_update(table, status))
    connection.execute(f"SET application_name = '{PRODUCT}'".encode())


def _update(table: str, status: str) -> bytes:
    ended = {
        "referral": "claimed_at = now()",
        "offer": f"ended_at = CASE WHEN '{status}' <> 'sent' THEN now() END",
        "notification": f"ended_at = CASE WHEN '{status}' NOT IN ('queued', 'sending', 'sent') THEN now() END",
    }[table]
    some = " WHERE channel = 'email'" if table == "notification" else ""
    return f"UPDATE {table} SET status = '{status}', {ended}{some}".encode()


@pytest.mark.parametrize(("table", "before", "after"), FORBIDDEN)
def test_the_database_refuses_the_product_a_forbidden_move(
    as_product: psycopg.Connection[Any], table: str, before: str, after: str
) -> None:
    puts(as_product, table, before)
    with pytest.raises(psycopg.errors.RaiseException, match=f"forbidden move of a {table}: {before} -> {after}"):
        as_product.execute(_update(table, after))


def test_it_lets_the_allowed_ones_pass(as_product: psycopg.Connection[Any]) -> None:
    for table, after in (("notification", "sending"), ("offer", "expired"), ("referral", "closed")):
        before = {"notification": "queued", "offer": "sent", "referral": "open"}[table]
        puts(as_product, table, before)
        as_product.execute(_update(table, after))


def test_a_call_is_held_as_well(as_product: psycopg.Connection[Any]) -> None:
    triggers = as_product.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'refuse_move'")
    assert {table for (table,) in triggers} == set(TABLES)


@pytest.mark.parametrize(("before", "after"), list(pairs(CallStatus, CallStatus)))
def test_a_call_moves_by_its_table(before: CallStatus, after: CallStatus) -> None:
    call = Call(status=before)
    assert move(call, after, at=now()) == CALLS.allow(before, after)
    assert call.status is (after if CALLS.allow(before, after) else before)


@pytest.mark.parametrize(("before", "after"), list(pairs(OfferStatus, OfferStatus)))
def test_an_offer_ends_by_its_table(before: OfferStatus, after: OfferStatus) -> None:
    offer = Offer(status=before)
    if OFFERS.allow(before, after):
        end_offer(offer, after, at=now())
        assert offer.status is after
    else:
        with pytest.raises(ForbiddenMove, match=f"{before} -> {after}"):
            end_offer(offer, after, at=now())


@pytest.mark.parametrize("transitions", TABLES.values(), ids=TABLES)
def test_sources_are_those_whose_targets_hold_it(transitions: Any) -> None:
    states: list[StrEnum] = list(transitions)
    for then in states:
        assert set(transitions.sources_of(then)) == {state for state in states if transitions.allow(state, then)}
