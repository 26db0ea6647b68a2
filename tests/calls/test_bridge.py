"""The bridge: the client's phone rings with our number, and whatever becomes of that, the claim stands."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.support.browser.page import Page
from tests.support.carrier.carrier import Carrier
from tests.support.carrier.hooks import Hooks
from tests.support.phone.phone import Phone
from tests.support.world.network import AgentInTest, Network
from tests.support.world.product import Product

OUR_NUMBER = "+15125550100"


def claims(network: Network, agent: AgentInTest) -> tuple[dict[str, Any], Page, Phone]:
    """The agent presses 1; the referral, the page, and the client's phone."""
    referral, page = network.offered(agent)
    page.press("call")
    agent.phone.rings().answer().press("1").hears("Connecting you to Maria")
    return referral, page, network.client_phone(referral)


def test_the_clients_phone_shows_our_number_and_the_agent_hears_it_ring(
    network: Network, sam: AgentInTest, hooks: Hooks
) -> None:
    referral, page, maria = claims(network, sam)
    assert maria.rings().shows == OUR_NUMBER
    (call,) = network.referral(referral["id"])["calls"]
    document = hooks.post(f"calls/{call['id']}/key", CallSid=sam.phone.sid, Digits="1").text
    assert "<Dial" in document
    assert "answerOnBridge" not in document  # an answered caller is played the ringing of a plain Dial
    assert maria.answer().heard() == []  # the client hears nothing but the agent
    page.becomes("connected")


@pytest.mark.parametrize(
    ("how", "heard"),
    [
        ("rings_out", "Maria didn't pick up."),
        ("decline", "Maria didn't pick up, the line was busy."),
        ("cannot_be_reached", "Maria's number can't be reached."),
    ],
)
def test_the_agent_hears_it_and_the_claim_stands_and_the_details_go_out(
    network: Network, sam: AgentInTest, how: str, heard: str
) -> None:
    referral, page, maria = claims(network, sam)
    getattr(maria.rings(), how)()
    sam.phone.hears(heard).is_over("completed")
    assert "Maria is yours, and didn't pick up." in page.becomes("client_missed").words
    assert network.referral(referral["id"])["claimed_by"] == sam.id
    assert "didn't pick up yet" in sam.mailbox.gets_mail("Maria Delgado").text


def test_try_the_client_again_calls_both(network: Network, sam: AgentInTest) -> None:
    _, page, maria = claims(network, sam)
    maria.rings().decline()
    sam.phone.is_over()
    assert "Try the client again" in page.becomes("client_missed").words
    page.press("call")
    sam.phone.rings().answer().hears("Press 1, and we ring Maria again").press("1")
    maria.rings().answer()
    page.becomes("connected")
    maria.hang_up()
    page.becomes("claimed")
    assert len(sam.mailbox.mails("Maria Delgado")) == 1


def test_trying_again_without_an_answer_leaves_the_claim_as_it_was(network: Network, sam: AgentInTest) -> None:
    referral, page, maria = claims(network, sam)
    maria.rings().decline()
    sam.phone.is_over()
    page.becomes("client_missed").press("call")
    sam.phone.rings().rings_out()
    page.becomes("client_missed")
    assert network.referral(referral["id"])["claimed_by"] == sam.id


def test_an_agent_who_hangs_up_while_it_rings_can_try_again(network: Network, sam: AgentInTest) -> None:
    _, page, maria = claims(network, sam)
    maria.rings()
    sam.phone.hang_up()
    maria.is_over("canceled")
    assert "Try the client again" in page.becomes("client_missed").words


LAWLESS = "".join(
    ["as_of = 2026-01-01\n", *(f'[country.{name}]\nlaw = "none"\nhours = "0-24"\n' for name in ("US", "CA"))]
)
"""A table that leaves the hours to the network, so that the test holds at whatever hour it is run."""


@pytest.fixture
def from_hour() -> int:
    """An hour of the client's day that is neither now nor soon: from then on clients may be rung, for an hour."""
    here = datetime.now(UTC).astimezone(ZoneInfo("America/Chicago")).hour
    return (here + 3) % 23


@pytest.fixture
def night(product: Product, from_hour: int) -> Iterator[None]:
    """It is not the hour to ring a client in Austin."""
    with product.web_with(CLIENT_HOURS=f"{from_hour}-{from_hour + 1}", CALLING_RULES=LAWLESS):
        yield


def test_outside_client_hours_the_key_claims_says_when_to_call_and_does_not_ring_the_client(
    network: Network, sam: AgentInTest, carrier: Carrier, night: None, from_hour: int
) -> None:
    hour = f"{from_hour % 12 or 12} {'AM' if from_hour < 12 else 'PM'}"
    referral, page = network.offered(sam)
    page.press("call")
    sam.phone.rings().answer().press("1").hears(f"Maria is not called at this hour. Please call from {hour} on")
    sam.phone.is_over("completed")
    assert f"Call Maria from {hour} on" in page.becomes("quiet").words
    sam.mailbox.gets_mail("Maria Delgado")
    assert network.referral(referral["id"])["claimed_by"] == sam.id
    assert [call["phone"] for call in carrier.state()["calls"]] == [sam.phone.number]
