"""What the product sends is explained, message by message and leg by leg: each by a fact of its own, and once."""

from typing import Any

import pytest

from app.notifications.kinds import KINDS
from tests.support.browser.browser import Visitor
from tests.support.browser.sign_in import signed_in
from tests.support.browser.subscriber import Subscriber, subscribed
from tests.support.carrier.carrier import Carrier
from tests.support.ledger.hands import Ledger
from tests.support.ledger.kinds import Kind, Way
from tests.support.phone.number import NEW, NEWER, code_in, types_code, types_number
from tests.support.world.commands import flask
from tests.support.world.database import Database
from tests.support.world.network import AgentInTest, Network
from tests.support.world.product import Product

BOSS = "boss@network.example"
THREE = (Way.TEXT, Way.MAIL, Way.PUSH)


def again(state: dict[str, Any]) -> dict[str, Any]:
    """As if the carrier had seen everything once more."""
    legs = [{**leg, "sid": f"{leg['sid']}+"} for leg in state["calls"] if leg["direction"] != "inbound"]
    return {
        **state, "messages": state["messages"] * 2, "mails": state["mails"] * 2, "pushes": state["pushes"] * 2,
        "calls": state["calls"] + legs,
    }  # fmt: skip


def everything_is_explained_once(ledger: Ledger, *, told: int, rung: int) -> set[tuple[Way, Any]]:
    """So many messages and legs are explained, each of them once; their ways and kinds."""
    seen = ledger.seen()
    assert ledger.verdict() == []
    assert (len(seen), len(ledger.verdict(change=again))) == (told, told + rung)
    return {(sent.way, sent.kind) for sent in seen}


def test_every_kind_of_message_has_words_by_which_it_is_known() -> None:
    assert {str(kind) for kind in KINDS} == set(Kind)


def test_all_that_a_race_sends(ledger: Ledger, network: Network, carrier: Carrier, database: Database) -> None:
    team = network.add_team()
    sam, priya = network.add_agent("Sam Ortiz", team), network.add_agent("Priya Raman", team)
    browsers = [subscribed(carrier, database, agent.id) for agent in (sam, priya)]
    referral = network.refer(team_id=team)
    page = network.page(referral, sam)
    for browser, agent in zip(browsers, (sam, priya), strict=True):
        browser.gets_push("Seller in Austin")
        agent.mailbox.gets_mail("Seller in Austin")
        agent.phone.gets_text("Reply 1")
    page.press("call")
    sam.phone.rings().answer().press("1")
    network.client_phone(referral).rings().answer().hang_up()
    sam.mailbox.gets_mail("Maria Delgado: ")
    kinds = everything_is_explained_once(ledger, told=11, rung=2)
    assert kinds == {
        (Way.MAIL, Kind.DETAILS),
        (Way.MAIL, Kind.PREPARED),
        *((way, kind) for way in THREE for kind in (Kind.OFFER, Kind.LOST)),
    }
    maria = network.client_phone(referral)
    maria.calls_us()
    sam.phone.rings().rings_out()
    priya.phone.rings().rings_out()
    maria.hears("(beep)").hang_up().is_over()
    sam.phone.gets_text("called you back")
    kinds = everything_is_explained_once(ledger, told=14, rung=4)
    assert {(way, Kind.CLIENT_CALLED) for way in THREE} <= kinds


def test_all_that_a_new_number_brings(
    ledger: Ledger, network: Network, carrier: Carrier, product: Product, sam: AgentInTest
) -> None:
    _, page = network.offered(sam)
    visitor = Visitor(product.url)
    types_number(visitor, page)
    carrier.phone(NEW).gets_text("code")
    visitor.post(f"{page.link}/number/call")
    carrier.phone(NEW).rings()
    newer = carrier.phone(NEWER)  # another than the one that a code is on its way to
    types_number(visitor, page, NEWER)
    types_code(visitor, page, code_in(newer.gets_text("code").body))
    sam.phone.gets_text("Undo")
    sam.mailbox.gets_mail("your number?")
    page.press("call")
    newer.rings()
    kinds = everything_is_explained_once(ledger, told=6, rung=2)
    assert kinds == {
        (Way.TEXT, Kind.OFFER), (Way.MAIL, Kind.OFFER), (Way.TEXT, Kind.NUMBER_CODE), (Way.TEXT, Kind.NUMBER_CHANGED),
        (Way.MAIL, Kind.NUMBER_CONFIRM),
    }  # fmt: skip


@pytest.fixture
def browser(carrier: Carrier, database: Database, sam: AgentInTest) -> Subscriber:
    """Sam's takes push."""
    return subscribed(carrier, database, sam.id)


@pytest.mark.usefixtures("browser")
def test_all_that_an_agent_and_an_admin_ask_for(
    ledger: Ledger, network: Network, carrier: Carrier, product: Product, sam: AgentInTest
) -> None:
    visitor = signed_in(product.url, sam)
    for channel in ("email", "sms", "push", "voice"):
        visitor.post(f"/channels/{channel}/test")
    sam.phone.rings().rings_out()
    flask(product, "admins", "create", BOSS)
    network.refer(team_id=network.add_team())
    carrier.inbox(BOSS).gets_mail("Nobody has it")
    sam.phone.writes("2")
    sam.phone.gets_text("no open referral")
    kinds = everything_is_explained_once(ledger, told=6, rung=1)
    assert kinds == {
        (Way.MAIL, Kind.SIGN_IN), (Way.MAIL, Kind.NO_AGENT), (Way.ANSWER, None), *((way, Kind.TEST) for way in THREE),
    }  # fmt: skip


def test_word_of_a_call_that_could_not_be_placed(
    ledger: Ledger, network: Network, carrier: Carrier, sam: AgentInTest
) -> None:
    network.offered(sam)
    sam.mailbox.gets_mail()
    carrier.behaves(rest_errors=[400])
    sam.phone.writes("1")
    sam.phone.gets_text("We couldn't call you")
    kinds = everything_is_explained_once(ledger, told=3, rung=0)
    assert (Way.TEXT, Kind.UNPLACED) in kinds
