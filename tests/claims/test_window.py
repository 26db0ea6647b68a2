"""The window: an offer ends to the second on every surface, and the admins are told. Nothing waits in silence."""

import pytest

from tests.support.browser.browser import Visitor
from tests.support.browser.page import Page
from tests.support.carrier.carrier import Carrier
from tests.support.world.commands import flask
from tests.support.world.database import Database
from tests.support.world.network import AgentInTest, Network
from tests.support.world.product import Product
from tests.support.world.waiting import eventually

BOSS = "boss@network.example"


@pytest.fixture
def admin(product: Product, network: Network) -> Visitor:
    """An admin, signed in."""
    return Visitor(product.url).signs_in(flask(product, "admins", "create", BOSS).strip())


def test_the_page_ends_to_the_second(network: Network, carrier: Carrier, database: Database) -> None:
    sam = network.add_agent()
    referral, page = network.offered(sam)
    database.time_passes(minutes=29, seconds=30)
    assert page.phase == "offered"
    assert "open for 0:" in page.words
    database.time_passes(seconds=30)
    assert page.phase == "expired"
    assert "This referral has moved on." in page.words
    assert not page.asks_on
    page.press("call")
    assert page.phase == "expired"
    eventually(lambda: network.offers(referral) == {sam.id: "expired"}, "the offer has ended")
    assert carrier.calls_placed() == 0


def test_a_ringing_call_is_canceled(network: Network, database: Database) -> None:
    sam = network.add_agent()
    _, page = network.offered(sam)
    page.press("call")
    sam.phone.rings()
    database.time_passes(minutes=30)
    assert page.phase == "expired"
    sam.phone.is_over("canceled")


def test_the_pin_stops_working(network: Network, carrier: Carrier, database: Database) -> None:
    sam = network.add_agent()
    _, page = network.offered(sam)
    page.press("call")
    sam.phone.rings().decline()
    page.becomes("missed")
    pin = database.pin()
    database.time_passes(minutes=30)
    carrier.phone("+15125559201").calls_us().press(pin).hears("not a PIN in use")
    sam.phone.calls_us().hears("This is Dibs, the referral network")
    eventually(lambda: database.rows("SELECT 1 FROM pin") == [], "the PIN is gone")


def test_what_has_not_gone_out_by_then_never_does(
    network: Network, carrier: Carrier, product: Product, database: Database
) -> None:
    sam, priya = network.add_agent(), network.add_agent("Priya Raman")
    with product.held_up("messages"):
        referral = network.refer(agent_id=sam.id)
        database.time_passes(minutes=30)
        eventually(lambda: network.offers(referral) == {sam.id: "expired"}, "the offer has ended")
    network.offered(priya)
    priya.mailbox.gets_mail()
    assert sam.phone.texts() == sam.mailbox.mails() == []


def in_the_menu(network: Network, agent: AgentInTest) -> tuple[dict[str, object], Page]:
    referral, page = network.offered(agent)
    page.press("call")
    agent.phone.rings().answer().hears("Press 1")
    return referral, page


def test_whoever_is_in_the_menu_may_finish(
    network: Network, admin: Visitor, database: Database, carrier: Carrier
) -> None:
    sam = network.add_agent()
    referral, page = in_the_menu(network, sam)
    database.time_passes(minutes=30)
    assert page.phase == "answered"
    sam.phone.press("1").hears("It's yours")
    network.client_phone(referral).rings()
    assert page.phase == "connecting"
    assert carrier.inbox(BOSS).mails("Nobody has it") == []


def test_for_ninety_seconds_at_most(network: Network, admin: Visitor, database: Database, carrier: Carrier) -> None:
    sam = network.add_agent()
    referral, page = in_the_menu(network, sam)
    database.time_passes(minutes=31, seconds=30)
    assert page.phase == "expired"
    sam.phone.is_over("completed")
    carrier.inbox(BOSS).gets_mail("Nobody has it")
    assert network.offers(referral) == {sam.id: "expired"}


def test_whoever_picks_up_after_the_end_is_told_so(network: Network, product: Product, database: Database) -> None:
    sam = network.add_agent()
    referral, page = network.offered(sam)
    page.press("call")
    sam.phone.rings()
    with product.without("sweeper"):  # nobody cancels the ringing call
        database.time_passes(minutes=30)
        sam.phone.answer().hears("This referral has moved on").is_over()
    assert page.phase == "expired"
    eventually(lambda: network.offers(referral) == {sam.id: "expired"}, "the offer has ended")


def test_when_the_last_offer_has_ended_the_admins_are_told_at_once_with_the_reasons(
    network: Network, admin: Visitor, database: Database, carrier: Carrier
) -> None:
    team = network.add_team()
    sam, _ = network.add_agent("Sam Ortiz", team), network.add_agent("Priya Raman", team)
    referral = network.refer(team_id=team)
    network.page(referral, sam).press("decline", reason="price")
    database.time_passes(seconds=10)
    eventually(lambda: network.offers(referral)[sam.id] == "declined", "Sam's decline has taken effect")
    assert carrier.inbox(BOSS).mails("Nobody has it") == []
    assert "offered to Priya" in admin.get("/admin/").text
    database.time_passes(minutes=30)
    mail = carrier.inbox(BOSS).gets_mail("Nobody has it: Seller in Austin")
    assert "Sam Ortiz: declined. Not my price range" in mail.text
    assert "Priya Raman: expired" in mail.text
    assert "nobody has it" in admin.get("/admin/").text
    told = admin.get(mail.link).text
    assert "Sam Ortiz declined: Not my price range" in told
    assert "The offer to Priya Raman ended" in told
    assert len(carrier.inbox(BOSS).mails("Nobody has it")) == 1
