"""A loop, or a thief with a key, does not ring and text on for ever; and the admins hear of it."""

import pytest

from tests.support.browser.browser import Visitor
from tests.support.carrier.carrier import Carrier
from tests.support.world.commands import flask
from tests.support.world.database import Database
from tests.support.world.network import Network
from tests.support.world.product import Product
from tests.support.world.waiting import eventually

BOSS = "boss@network.example"
SUBJECT = "Too many calls or texts"


@pytest.fixture
def admin(product: Product, network: Network) -> Visitor:
    """An admin, signed in."""
    return Visitor(product.url).signs_in(flask(product, "admins", "create", BOSS).strip())


def test_a_call_beyond_the_ceiling_is_not_placed_and_shows_a_pin(
    network: Network, carrier: Carrier, admin: Visitor, product: Product
) -> None:
    with product.worker_with("voice", CALLS_PER_HOUR="2"):
        for name in ("Sam Ortiz", "Priya Raman"):
            agent = network.add_agent(name)
            network.offered(agent)[1].press("call")
            agent.phone.rings()
        for name in ("Lee Chen", "Ana Ruiz"):
            referral, page = network.offered(network.add_agent(name))
            page.press("call")
            assert page.becomes("pin").pin
            assert network.calls(referral) == ["failed"]
            (call,) = network.referral(referral["id"])["calls"]
            told = admin.get(f"/admin/referrals/{referral['id']}").text
            assert "(ceiling)" in told, call
    mail = carrier.inbox(BOSS).gets_mail(SUBJECT)
    assert "Sam Ortiz: 1 call" in mail.text
    assert carrier.calls_placed() == 2
    assert carrier.inbox(BOSS).mails(SUBJECT) == [SUBJECT]


def test_a_text_beyond_the_ceiling_waits(
    network: Network, carrier: Carrier, admin: Visitor, product: Product, database: Database
) -> None:
    with product.worker_with("messages", TEXTS_PER_HOUR="1"):
        first, second = network.add_agent("Sam Ortiz"), network.add_agent("Priya Raman")
        network.refer(agent_id=first.id)
        first.phone.gets_text("Seller in")
        network.refer(agent_id=second.id)
        carrier.inbox(BOSS).gets_mail(SUBJECT)
        waits = "SELECT error_code FROM notification WHERE channel = 'sms' AND status = 'queued'"
        eventually(lambda: database.rows(waits) == [("ceiling",)], "the text waits")
        second.mailbox.gets_mail("Seller in")
    database.time_passes(minutes=5)
    second.phone.gets_text("Seller in")
