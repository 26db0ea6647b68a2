"""A client who rings back reaches their agent with a whisper, then the team, then the desk: never a PIN prompt."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.browser.browser import Visitor
from tests.support.browser.sign_in import signed_in
from tests.support.carrier.carrier import Carrier
from tests.support.ledger.legs import DESK
from tests.support.phone.phone import Phone
from tests.support.world.commands import flask
from tests.support.world.network import AgentInTest, Network
from tests.support.world.product import Product
from tests.support.world.rows import select
from tests.support.world.waiting import eventually


@pytest.fixture
def desk(product: Product, network: Network) -> Visitor:
    return Visitor(product.url).signs_in(flask(product, "admins", "create", "boss@network.example").strip())


def claimed(network: Network, agent: AgentInTest, **target: str) -> tuple[dict[str, Any], Phone]:
    """The agent has claimed, and the client was not reached; the client's phone."""
    referral = network.refer(**(target or {"agent_id": agent.id}))
    page = network.page(referral, agent)
    page.press("call")
    agent.phone.rings().answer().press("1")
    maria = network.client_phone(referral)
    maria.rings().decline()
    agent.phone.is_over()
    page.becomes("client_missed")
    return referral, maria


def test_the_agent_hears_who_it_is_and_takes_it_with_1(network: Network, sam: AgentInTest, desk: Visitor) -> None:
    referral, maria = claimed(network, sam)
    maria.calls_us().hears("Connecting you to Sam, your agent.")
    sam.phone.rings().answer().hears("Maria Delgado, your seller in Austin. Press 1 to take the call.").press("1")
    maria.hears("connected to")
    sam.phone.hears("connected to")
    maria.hang_up().is_over()
    told = desk.get(f"/admin/referrals/{referral['id']}").text
    assert "The client rang our number" in told
    assert "Sam Ortiz took the client" in told


def test_the_agents_voicemail_does_not_swallow_the_call(network: Network, sam: AgentInTest) -> None:
    _, maria = claimed(network, sam)
    sam.phone.behaves("voicemail")
    maria.calls_us()
    sam.phone.picks_up_by_itself()
    maria.hears("Sam can't come to the phone right now").hang_up().is_over("completed")
    assert not any("connected" in line for line in sam.phone.heard())
    sam.phone.gets_text("called you back")


def test_then_the_team_is_rung_at_once_and_the_first_key_wins(
    network: Network, carrier: Carrier, product: Product, desk: Visitor
) -> None:
    team = network.add_team()
    sam, priya = network.add_agent("Sam Ortiz", team), network.add_agent("Priya Raman", team)
    tom = network.add_agent("Tom Reyes", team)
    referral, maria = claimed(network, sam, team_id=team)
    maria.calls_us()
    sam.phone.rings().decline()
    maria.hears("we're trying a colleague")
    priya.phone.rings().answer().hears("Maria, the seller of Sam in Austin. Press 1")
    tom.phone.rings().answer().hears("Maria, the seller of Sam in Austin. Press 1").press("1")
    maria.hears(f"connected to {tom.phone.number}")
    priya.phone.is_over()
    maria.hang_up().is_over()
    (taken,) = select(product, "SELECT name FROM client_call JOIN agent ON agent.id = taken_by")
    assert taken == ("Tom Reyes",)
    assert not sam.phone.texts("called you back")
    assert "Tom Reyes took the client" in desk.get(f"/admin/referrals/{referral['id']}").text


@pytest.fixture
def office(product: Product) -> Iterator[None]:
    with product.web_with(DESK_PHONE=DESK):
        yield


def test_then_the_desk(network: Network, sam: AgentInTest, carrier: Carrier, office: None) -> None:
    _, maria = claimed(network, sam)
    maria.calls_us()
    sam.phone.rings().decline()
    maria.hears("we're trying our office")
    carrier.phone(DESK).rings().answer()
    maria.hears(f"connected to {DESK}").hang_up().is_over()


def test_nobody_takes_it_and_the_agent_hears_of_it(
    network: Network, sam: AgentInTest, office: None, carrier: Carrier
) -> None:
    _, maria = claimed(network, sam)
    maria.calls_us()
    sam.phone.rings().answer().hears("Press 1 to take the call").hang_up()
    carrier.phone(DESK).rings().decline()
    maria.hears("Sam can't come to the phone right now").hang_up().is_over("completed")
    sam.phone.gets_text("called you back")


def test_an_unproven_number_never_brings_out_whose_client_somebody_is(network: Network, carrier: Carrier) -> None:
    team = network.add_team()
    sam, priya = network.add_agent("Sam Ortiz", team), network.add_agent("Priya Raman", team)
    _, maria = claimed(network, sam, team_id=team)
    maria.calls_us(verified=False).hears("Connecting you to your agent.")
    sam.phone.rings().answer().hears("A caller with the number of Maria Delgado").hang_up()
    maria.hears("Your agent can't come to the phone right now.")
    priya.phone.rings().decline()
    maria.is_over()
    assert not any("Sam" in line for line in maria.heard())


def test_before_any_claim_they_hear_that_an_agent_is_being_found(network: Network, sam: AgentInTest) -> None:
    referral = network.refer(agent_id=sam.id)
    sam.phone.gets_text("Reply 1")
    maria = network.client_phone(referral).calls_us().hears("We are finding your agent")
    maria.is_over("completed")
    assert not any("PIN" in line for line in maria.heard())


@pytest.mark.parametrize("is_claimed", [True, False])
def test_a_key_says_that_they_want_no_calls(
    network: Network, sam: AgentInTest, product: Product, desk: Visitor, *, is_claimed: bool
) -> None:
    if is_claimed:
        referral, maria = claimed(network, sam)
    else:
        referral = network.refer(agent_id=sam.id)
        sam.phone.gets_text("Reply 1")
        maria = network.client_phone(referral)
    maria.calls_us().press("9").hears("We won't call or text this number any more.").is_over("completed")
    kept = select(product, "SELECT way, source FROM do_not_contact ORDER BY way")
    assert kept == [("call", "key"), ("text", "key")]
    assert "by a key on the phone" in desk.get(f"/admin/referrals/{referral['id']}").text


def test_another_key_goes_on_to_the_agent(network: Network, sam: AgentInTest, product: Product) -> None:
    _, maria = claimed(network, sam)
    maria.calls_us().press("5")
    sam.phone.rings().answer().press("1")
    maria.hears("connected to").hang_up().is_over()
    assert select(product, "SELECT 1 FROM do_not_contact") == []


def test_an_unproven_number_has_no_such_key(network: Network, sam: AgentInTest, product: Product) -> None:
    _, maria = claimed(network, sam)
    maria.calls_us(verified=False)
    sam.phone.rings().decline()
    maria.is_over()
    assert not any("press 9" in line or "Leave a message" in line for line in maria.heard())


def test_whoever_reaches_nobody_leaves_a_message_that_the_agent_hears_in_the_portal(
    network: Network, sam: AgentInTest, product: Product, carrier: Carrier, desk: Visitor
) -> None:
    referral, maria = claimed(network, sam)
    maria.calls_us()
    sam.phone.rings().decline()
    maria.hears("Leave a message after the tone").hears("It will be recorded.").hears("(beep)").speaks(30)
    maria.press("#").hears("Thank you, goodbye.").is_over("completed")
    assert sam.phone.gets_text("Maria left you a message.").link.endswith(f"/referrals/{referral['id']}")
    visitor, where = signed_in(product.url, sam), f"/referrals/{referral['id']}"
    eventually(lambda: "<audio" in visitor.get(where).text, "the message in the portal")
    (path,) = re.findall(r'src="(/referrals/[^"]+/voicemails/[^"]+)"', visitor.get(where).text)
    eventually(lambda: visitor.get(path).status_code == 200, "its audio")
    assert visitor.get(path).headers["Content-Type"] == "audio/mpeg"
    assert visitor.get(path).content.startswith(b"\xff\xfb")
    eventually(lambda: carrier.state()["recordings"] == [], "an end of the carrier's copy")
    assert "The client left a message of" in desk.get(f"/admin/referrals/{referral['id']}").text
    stranger = signed_in(product.url, network.add_agent("Priya Raman"))
    assert stranger.get(path).status_code == 404


def test_a_client_who_hangs_up_over_the_message_has_left_it_all_the_same(
    network: Network, sam: AgentInTest, product: Product
) -> None:
    _, maria = claimed(network, sam)
    maria.calls_us()
    sam.phone.rings().decline()
    maria.hears("(beep)").speaks(30).hang_up().is_over()
    sam.phone.gets_text("Maria left you a message.")


@pytest.fixture
def no_voicemail(product: Product) -> Iterator[None]:
    with product.web_with(VOICEMAIL="no"):
        yield


def test_a_network_without_voicemail_takes_none(network: Network, sam: AgentInTest, no_voicemail: None) -> None:
    _, maria = claimed(network, sam)
    maria.calls_us()
    sam.phone.rings().decline()
    maria.hears("Please try again a little later. Goodbye.").is_over("completed")
    assert not any("Leave a message" in line for line in maria.heard())
