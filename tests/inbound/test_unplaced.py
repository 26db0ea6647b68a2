"""A call that was asked for by text, and cannot be placed: whoever texted looks at no page, so they get a text."""

from collections.abc import Iterator

import pytest

from tests.support.browser.browser import Visitor
from tests.support.carrier.carrier import Carrier
from tests.support.carrier.hooks import Hooks
from tests.support.phone.texts import Texts
from tests.support.world.database import Database
from tests.support.world.network import AgentInTest, Network
from tests.support.world.product import Product
from tests.support.world.waiting import eventually

TOLD = "Dibs: We couldn't call you"
NONE_LEFT = "SELECT 1 FROM notification WHERE status IN ('queued', 'sending')"
WORDED = "SELECT status, error_code FROM notification WHERE kind = 'unplaced'"


@pytest.fixture
def offered(network: Network, sam: AgentInTest) -> Iterator[dict[str, object]]:
    """A referral of which Sam was told by text and mail: neither takes the error that is meant for the call."""
    referral, _ = network.offered(sam)
    sam.mailbox.gets_mail("Seller in")
    yield referral


@pytest.fixture
def dead_line(carrier: Carrier, offered: dict[str, object]) -> Iterator[None]:
    """The carrier answers the next request, for a call, with an error."""
    carrier.behaves(rest_errors=[400])
    yield
    carrier.behaves()


def all_sent(database: Database) -> None:
    eventually(lambda: not database.rows(NONE_LEFT), "an end of all messages")


@pytest.mark.usefixtures("dead_line")
def test_the_carrier_refuses_the_call_and_the_text_says_how_to_claim_by_phone(
    texts: Texts, database: Database, carrier: Carrier, sam: AgentInTest
) -> None:
    texts.sent(sam.phone, "1")
    text = sam.phone.gets_text(TOLD)
    pin = database.pin()
    assert text.body == (
        f"{TOLD}: seller in Austin, 78704. Call us instead: (512) 555-0100, PIN {pin[:3]} {pin[3:]}. "
        "Typing it claims, just as pressing 1 does."
    )
    assert text.segments == 1
    carrier.behaves()
    carrier.phone("+15125559090").calls_us().hears("type the six digits").press(pin).hears("It's yours")


@pytest.mark.usefixtures("offered")
def test_a_call_that_no_worker_took_in_time(
    product: Product, texts: Texts, database: Database, sam: AgentInTest
) -> None:
    with product.without("voice", "sweeper"):
        texts.sent(sam.phone, "1")
        database.time_passes(seconds=9)
    sam.phone.gets_text(f"{TOLD}: seller in Austin, 78704. Call us instead")


@pytest.mark.usefixtures("offered")
def test_a_call_that_failed_before_it_rang_may_be_tried_again(
    product: Product, hooks: Hooks, texts: Texts, database: Database, sam: AgentInTest
) -> None:
    link = sam.phone.gets_text("Seller in").link
    with product.held_up("voice"), product.without("sweeper"):
        texts.sent(sam.phone, "1")
        ((call_id,),) = database.rows("UPDATE call SET status = 'dialing', dialing_at = now() RETURNING id")
        assert hooks.post(f"calls/{call_id}/status", CallSid="CA1", CallStatus="failed", SequenceNumber="1").ok
    text = sam.phone.gets_text(TOLD)
    assert text.body == f"{TOLD}: seller in Austin, 78704. Text 1 to try again: {link}"


def test_a_call_that_rang_and_failed_then_has_been_heard(
    network: Network, texts: Texts, database: Database, sam: AgentInTest
) -> None:
    _, page = network.offered(sam)
    texts.sent(sam.phone, "1")
    sam.phone.rings().cannot_be_reached()
    page.becomes("missed")
    all_sent(database)
    assert sam.phone.texts(TOLD) == []


def test_a_tap_on_the_page_is_answered_by_the_page(
    network: Network, carrier: Carrier, database: Database, sam: AgentInTest
) -> None:
    _, page = network.offered(sam)
    sam.mailbox.gets_mail("Seller in")
    carrier.behaves(rest_errors=[400])
    page.press("call")
    page.becomes("pin")
    all_sent(database)
    carrier.behaves()
    assert sam.phone.texts(TOLD) == []


@pytest.mark.usefixtures("offered")
def test_not_twice(texts: Texts, database: Database, carrier: Carrier, sam: AgentInTest) -> None:
    for times in (1, 2):
        carrier.behaves(rest_errors=[400])
        texts.sent(sam.phone, "1")
        failed = f"SELECT 1 FROM call WHERE status = 'failed' HAVING count(*) = {times}"
        eventually(lambda failed=failed: database.rows(failed), "the call has failed")  # type: ignore[misc]
        sam.phone.gets_text(TOLD)
    all_sent(database)
    carrier.behaves()
    assert len(sam.phone.texts(TOLD)) == 1


@pytest.mark.usefixtures("offered")
def test_it_waits_while_another_call_is_on_its_way_and_goes_when_that_fails_as_well(
    product: Product, carrier: Carrier, texts: Texts, database: Database, sam: AgentInTest
) -> None:
    with product.held_up("messages"), product.without("sweeper"):
        carrier.behaves(rest_errors=[400])
        texts.sent(sam.phone, "1")
        eventually(lambda: database.rows(WORDED) == [("queued", None)], "a text that waits")
        carrier.behaves()
        texts.sent(sam.phone, "1")
        sam.phone.rings()
    looked_at = "SELECT 1 FROM notification WHERE kind = 'unplaced' AND status = 'queued' AND due_at > created_at"
    eventually(lambda: bool(database.rows(looked_at)), "it was looked at, and waits on")
    assert sam.phone.texts(TOLD) == []
    sam.phone.rings_out()
    sam.phone.gets_text(TOLD)


def test_not_when_somebody_else_has_it_meanwhile(
    network: Network, product: Product, carrier: Carrier, texts: Texts, database: Database
) -> None:
    team = network.add_team()
    sam, priya = network.add_agent("Sam Ortiz", team), network.add_agent("Priya Raman", team)
    referral = network.refer(team_id=team)
    for agent in (sam, priya):
        agent.phone.gets_text("Seller in")
        agent.mailbox.gets_mail("Seller in")
    with product.held_up("messages"), product.without("sweeper"):
        carrier.behaves(rest_errors=[400])
        texts.sent(sam.phone, "1")
        eventually(lambda: database.rows(WORDED) == [("queued", None)], "a text that waits")
        carrier.behaves()
        network.page(referral, priya).press("call")
        priya.phone.rings().answer().press("1").hears("It's yours")
    sam.phone.gets_text("Priya was first")
    assert database.rows(WORDED) == [("dropped", None)]
    assert sam.phone.texts(TOLD) == []


@pytest.mark.usefixtures("dead_line")
def test_not_when_texts_are_stopped(
    texts: Texts, database: Database, desk: Visitor, sam: AgentInTest, offered: dict[str, object]
) -> None:
    texts.brought(sam.phone, "STOP")
    texts.brought(sam.phone, "1")
    eventually(lambda: database.rows(WORDED) == [("dropped", "stopped")], "a text that is not sent")
    page = desk.get(f"/admin/referrals/{offered['id']}").text
    assert "Text to Sam Ortiz that the call couldn&#39;t be placed was not sent: they had texted STOP" in page


def test_one_who_has_it_and_wants_to_try_the_client_again(
    network: Network, carrier: Carrier, texts: Texts, sam: AgentInTest
) -> None:
    referral, page = network.offered(sam)
    texts.sent(sam.phone, "1")
    sam.phone.rings().answer().press("1").hears("Connecting you")
    network.client_phone(referral).rings().rings_out()
    page.becomes("client_missed")
    sam.phone.is_over()
    sam.mailbox.gets_mail("Maria Delgado")
    carrier.behaves(rest_errors=[400])
    texts.sent(sam.phone, "1")
    assert sam.phone.gets_text(TOLD).body == f"{TOLD}: seller in Austin, 78704. Text 1 to try again: {page.link}"
    carrier.behaves()
