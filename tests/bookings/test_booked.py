"""A booked call rings the agent and then the client at the time they named, and both are told a little before."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.support.browser.browser import Visitor
from tests.support.browser.page import Page
from tests.support.carrier.carrier import Carrier
from tests.support.world.commands import flask
from tests.support.world.database import Database
from tests.support.world.network import AgentInTest, Network
from tests.support.world.product import Product
from tests.support.world.rows import select
from tests.support.world.waiting import eventually

BOOKED = "SELECT status, asked_by FROM booking ORDER BY id"
DUE = "SELECT due_at FROM booking WHERE status = 'booked' ORDER BY id"


@pytest.fixture
def desk(product: Product, network: Network) -> Visitor:
    return Visitor(product.url).signs_in(flask(product, "admins", "create", "boss@network.example").strip())


def claimed(network: Network, agent: AgentInTest, **other: Any) -> tuple[dict[str, Any], Page]:
    """The agent has claimed, and the client did not pick up."""
    referral, page = network.offered(agent, **other)
    page.press("call")
    agent.phone.rings().answer().press("1")
    network.client_phone(referral).rings().decline()
    agent.phone.is_over()
    page.becomes("client_missed")
    return referral, page


def due(product: Product) -> list[datetime]:
    return [at for (at,) in select(product, DUE)]


def pass_until(database: Database, moment: datetime, *, before: timedelta = timedelta()) -> None:
    """Time passes until so long before a moment."""
    left = moment - before - datetime.now(moment.tzinfo)
    database.time_passes(seconds=left.total_seconds() + 1)


def test_at_the_time_the_client_named_both_phones_ring(
    network: Network, sam: AgentInTest, product: Product, database: Database, desk: Visitor
) -> None:
    referral, page = claimed(network, sam)
    client_page = network.client_page(referral)
    when = client_page.times[2]
    client_page.press("book", at=when)
    assert "Sam calls you " in client_page.words
    sam.phone.gets_text("Maria asked for a call: ")
    assert due(product) == [datetime.fromisoformat(when)]
    pass_until(database, due(product)[0])
    sam.phone.rings().answer().hears("Maria asked for a call. Press 1").press("1")
    network.client_phone(referral).rings().answer()
    page.becomes("connected")
    sam.phone.hang_up()
    page.becomes("claimed")
    assert select(product, BOOKED) == [("placed", "client")]
    assert "The client asked for a call" in desk.get(f"/admin/referrals/{referral['id']}").text


def test_both_are_told_ten_minutes_before(
    network: Network, sam: AgentInTest, product: Product, database: Database, carrier: Carrier
) -> None:
    referral, _ = claimed(network, sam)
    network.client_page(referral).press("book", at=network.client_page(referral).times[3])
    pass_until(database, due(product)[0], before=timedelta(minutes=9))
    assert "We ring you and Maria at" in sam.phone.gets_text("We ring you and").body
    carrier.inbox("maria@mail.example").gets_mail("Sam calls you in ten minutes")
    network.client_page(referral).press("cancel")


def test_it_moves_with_one_tap_and_is_reminded_of_once(
    network: Network, sam: AgentInTest, product: Product, database: Database, carrier: Carrier
) -> None:
    referral, _ = claimed(network, sam)
    client_page = network.client_page(referral)
    times = client_page.times
    client_page.press("book", at=times[3])
    client_page.press("book", at=times[5])
    assert due(product) == [datetime.fromisoformat(times[5])]
    pass_until(database, due(product)[0], before=timedelta(minutes=9))
    sam.phone.gets_text("We ring you and Maria at")
    carrier.inbox("maria@mail.example").gets_mail("Sam calls you in ten minutes")
    assert len(sam.phone.texts("We ring you and")) == 1
    client_page.press("cancel")
    assert select(product, BOOKED) == [("canceled", "client")]
    assert "Call me now" in client_page.words


def test_a_time_that_is_not_offered_cannot_be_booked(network: Network, sam: AgentInTest, product: Product) -> None:
    referral, _ = claimed(network, sam)
    client_page = network.client_page(referral)
    for wrong in ("", "soon", "2020-01-01T10:00:00+00:00", client_page.times[0][:-6]):
        answer = client_page.press("book", at=wrong)
        assert answer.status_code == 422
        assert "Choose another" in answer.text
    assert select(product, BOOKED) == []


def test_two_booked_calls_of_one_agent_are_spaced(network: Network, sam: AgentInTest, product: Product) -> None:
    first, _ = claimed(network, sam)
    second, _ = claimed(
        network, sam, client={"name": "Tom Reyes", "phone": "(512) 555-7002", "email": "t@mail.example"}
    )
    when = network.client_page(first).times[4]
    network.client_page(first).press("book", at=when)
    network.client_page(second).press("book", at=when)
    one, other = due(product)
    assert other - one == timedelta(minutes=15)


def test_the_gate_is_asked_again_when_it_is_due(
    network: Network, sam: AgentInTest, product: Product, database: Database, carrier: Carrier
) -> None:
    referral, _ = claimed(network, sam)
    network.client_page(referral).press("book", at=network.client_page(referral).times[2])
    network.put("/do-not-contact", {"phone": referral["client"]["phone"]})
    pass_until(database, due(product)[0])
    eventually(lambda: select(product, BOOKED) == [("refused", "client")], "the gate's refusal")
    assert network.calls(referral) == ["client_missed"]
    assert select(product, "SELECT refusals FROM gate_answer WHERE act = 'booked'") == [(["wish"],)]


def test_an_agent_books_a_call_and_moves_it(network: Network, sam: AgentInTest, product: Product) -> None:
    referral, page = claimed(network, sam)
    times = network.client_page(referral).times
    page.press("book", at=times[3])
    assert select(product, BOOKED) == [("booked", "agent")]
    assert "We ring you both" in page.words
    page.press("book", at=times[4])
    assert due(product) == [datetime.fromisoformat(times[4])]
    page.press("unbook")
    assert select(product, BOOKED) == [("canceled", "agent")]
    assert page.press("book", at="never").status_code == 422
