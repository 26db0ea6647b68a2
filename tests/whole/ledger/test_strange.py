"""A text, mail, push or call without a reason in the rows is found, and said of it why nothing explains it."""

from typing import Any

from tests.support.browser.subscriber import subscribed
from tests.support.carrier.carrier import Carrier
from tests.support.ledger.hands import Ledger
from tests.support.ledger.kinds import Way
from tests.support.ledger.ledger import Expected
from tests.support.world.database import Database
from tests.support.world.network import AgentInTest, Network
from tests.support.world.product import Product
from tests.support.world.rows import change
from tests.support.world.waiting import eventually


def test_words_that_are_none_of_ours(ledger: Ledger, carrier: Carrier, database: Database, sam: AgentInTest) -> None:
    browser = subscribed(carrier, database, sam.id)
    ledger.text(sam.phone.number, "Hello there")
    ledger.mail(sam.email, "Hello", "there")
    ledger.push(browser, '{"kind": "hello"}')
    assert ledger.verdict() == [
        f"text to {sam.phone.number} (Sam Ortiz), 'Hello there': these are the words of no message that we have",
        f"mail to {sam.email} (Sam Ortiz), 'Hello there': these are the words of no message that we have",
        'push to a browser of Sam Ortiz, \'{"kind": "hello"}\': these are the words of no message that we have',
    ]


def test_a_call_that_nobody_asked_for(ledger: Ledger, network: Network, sam: AgentInTest) -> None:
    network.offered(sam)
    ledger.call(sam.phone.number)
    assert ledger.verdict() == [f"a call to {sam.phone.number} (Sam Ortiz): no row of a call is left that asks for it"]


def test_a_client_who_is_rung_for_nobody(ledger: Ledger, network: Network, carrier: Carrier, sam: AgentInTest) -> None:
    referral, page = network.offered(sam)
    page.press("call")
    sam.phone.rings().answer().hears("Press 1")
    client = network.client_phone(referral).number

    def joined(state: dict[str, Any]) -> dict[str, Any]:
        (leg,) = state["calls"]
        joined_to = {**leg, "sid": "CA2", "phone": client, "direction": "outbound-dial", "parent_sid": leg["sid"]}
        return {**state, "calls": [leg, joined_to]}

    assert ledger.verdict(change=joined) == [
        f"a call to {client} (the client Maria Delgado): Sam Ortiz, who was connected, had not claimed"
    ]


def test_a_client_who_is_rung_past_the_gate(
    ledger: Ledger, network: Network, carrier: Carrier, product: Product, sam: AgentInTest
) -> None:
    referral, page = network.offered(sam)
    page.press("call")
    sam.phone.rings().answer().press("1").hears("Connecting you")
    maria = network.client_phone(referral).rings().answer()
    page.becomes("connected")
    maria.hang_up()
    sam.phone.is_over("completed")

    def overlapping(state: dict[str, Any]) -> dict[str, Any]:
        agents, clients = state["calls"]
        before = {**clients, "sid": "CA2", "parent_sid": "CA3", "ended": None}
        inbound = {**agents, "sid": "CA3", "direction": "inbound", "phone": maria.number}
        return {**state, "calls": [agents, inbound, before, clients]}

    said = f"a call to {maria.number} (the client Maria Delgado)"
    assert f"{said}: another call was with this client's phone" in ledger.verdict(change=overlapping)
    change(product, "DELETE FROM gate_answer WHERE way = 'call'")
    assert ledger.verdict() == [f"{said}: the gate has not let Sam Ortiz call this client"]


def test_a_text_twice_and_to_somebody_else(ledger: Ledger, network: Network, sam: AgentInTest) -> None:
    priya = network.add_agent("Priya Raman")
    network.offered(sam)
    body = sam.phone.gets_text("Reply 1").body
    ledger.text(sam.phone.number, body)
    ledger.text(priya.phone.number, body)
    twice, astray = ledger.verdict()
    assert twice.endswith("the offer to Sam Ortiz explains no more than have come before it")
    assert f"text to {priya.phone.number} (Priya Raman)" in astray
    assert astray.endswith(f"the offer to Sam Ortiz explains one to {sam.phone.number}")


def test_a_text_that_comes_first_when_the_referral_is_gone(
    ledger: Ledger, network: Network, product: Product, database: Database, sam: AgentInTest
) -> None:
    with product.without("messages"):
        referral = network.refer(agent_id=sam.id)
        database.rows("UPDATE notification SET status = 'dropped', ended_at = now() RETURNING 1")
        database.time_passes(minutes=30)
        eventually(lambda: network.offers(referral) == {sam.id: "expired"}, "the end of the offer")
        database.time_passes(seconds=10)
        link = network.link(referral, sam)
        ledger.text(sam.phone.number, f"Reply 1 for a call, 2 to decline: {link}")
        (late,) = ledger.verdict()
    assert "the offer to Sam Ortiz explains one from None to " in late


def test_a_second_mail_about_the_same(ledger: Ledger, network: Network, sam: AgentInTest) -> None:
    network.offered(sam)
    mail = sam.mailbox.gets_mail()
    ledger.mail(sam.email, mail.subject, mail.text)
    (other,) = ledger.verdict()
    assert other.endswith("the offer to Sam Ortiz explains no more than have come before it")


def test_the_same_mail_comes_only_as_often_as_it_was_tried(
    ledger: Ledger, network: Network, database: Database, sam: AgentInTest
) -> None:
    network.offered(sam)
    mail = sam.mailbox.gets_mail()
    ledger.mail(sam.email, mail.subject, mail.text, mail.headers["Message-ID"])
    assert len(ledger.verdict()) == 1
    database.rows("UPDATE notification SET attempts = 2 WHERE channel = 'email' RETURNING 1")
    assert ledger.verdict() == []


def test_the_same_push_comes_only_as_often_as_it_was_tried(
    ledger: Ledger, network: Network, carrier: Carrier, database: Database, sam: AgentInTest
) -> None:
    browser = subscribed(carrier, database, sam.id)
    network.offered(sam)
    browser.gets_push()
    (push,) = carrier.state()["pushes"]
    ledger.push(browser, push["data"])
    assert len(ledger.verdict()) == 1
    database.rows("UPDATE notification SET attempts = 2 WHERE channel = 'push' RETURNING 1")
    assert ledger.verdict() == []


def test_what_a_test_has_announced(ledger: Ledger, sam: AgentInTest) -> None:
    for _ in range(2):
        ledger.text(sam.phone.number, "Hello there")
        ledger.call(sam.phone.number)
    announced = (
        Expected(Way.TEXT, sam.phone.number, "Hello", 1),
        Expected(Way.CALL, sam.phone.number, "", 1),
        Expected(Way.TEXT, "+15125550000", "Hello", 9),
    )
    assert len(ledger.verdict(*announced)) == 2
