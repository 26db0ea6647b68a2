"""What has no use any more is deleted, and nothing else is."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask

from app import create_app
from app.config import load_settings
from app.core.clock import now
from app.extensions import db
from app.workers import retention
from app.workers.retention import age_out
from tests.support.browser.browser import Visitor
from tests.support.carrier.carrier import Carrier
from tests.support.ledger.kinds import Way
from tests.support.world.database import Database
from tests.support.world.network import AgentInTest, Network
from tests.support.world.product import Product
from tests.support.world.waiting import eventually

COUNT = "SELECT count(*) FROM {}"
KEPT = ("referral", "client", "offer", "call", "claim", "account", "agent", "api_key")


@pytest.fixture
def app(product: Product) -> Iterator[Flask]:
    made = create_app(load_settings(product.env))
    with made.app_context():
        yield made
        db.session.remove()
        db.engine.dispose()


def count(database: Database, table: str) -> int:
    ((found,),) = database.rows(COUNT.format(table))
    return int(found)


@pytest.fixture
def lived(network: Network, sam: AgentInTest, carrier: Carrier, product: Product) -> None:
    """A claim from end to end, a sign-in link, texts, and an answer kept for its key."""
    referral, page = network.offered(sam)
    page.press("call")
    sam.phone.rings().answer().press("1").hears("It's yours")
    network.client_phone(referral).rings().answer().hang_up()
    sam.phone.is_over()
    network.expects(Way.MAIL, sam.email, "sign in to Dibs")  # by a link whose row is gone in the end
    Visitor(product.url).post("/sign-in", email=sam.email)
    sam.mailbox.gets_mail("Your sign-in link")
    for words in ("who is this", "STOP"):
        carrier.phone("+15125559020").writes(words)
    sam.phone.writes("hello")
    network.post("/referrals", network.referral_body(agent_id=sam.id), **{"Idempotency-Key": "once"})
    eventually(lambda: len(sam.phone.texts("Seller in")) == 2, "the text with the second offer")
    eventually(carrier.has_told_everything, "its receipts")


@pytest.mark.usefixtures("app", "lived")
def test_after_its_time_each_goes_and_what_people_did_stays(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "BATCH", 2)
    before = {table: count(database, table) for table in KEPT}
    strangers = "inbound_text WHERE agent_id IS NULL"
    assert age_out(db.session(), at=now()) == {}
    gone = age_out(db.session(), at=now() + timedelta(days=8))
    assert gone == {"sign_in_link": 1, "idempotent_answer": 1}
    assert count(database, "notification WHERE sign_in_link_id IS NOT NULL") == 0
    gone = age_out(db.session(), at=now() + timedelta(days=91))
    assert set(gone) == {"call_event", "receipt", "inbound_text"}
    assert [count(database, table) for table in ("call_event", "receipt")] == [0, 0]
    assert database.rows(f"SELECT body FROM {strangers}") == [("STOP",)], "whoever has that number one day"
    assert count(database, "inbound_text WHERE agent_id IS NOT NULL") == 1
    assert {table: count(database, table) for table in KEPT} == before
    assert count(database, "notification") > 0
