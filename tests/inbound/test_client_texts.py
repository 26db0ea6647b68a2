"""A text from a client reaches their agent and the timeline, and is answered through our number."""

from typing import Any

import pytest

from tests.support.browser.browser import Visitor
from tests.support.browser.sign_in import signed_in
from tests.support.carrier.carrier import Carrier
from tests.support.world.commands import flask
from tests.support.world.database import Database
from tests.support.world.network import AgentInTest, Network
from tests.support.world.product import Product
from tests.support.world.rows import select
from tests.support.world.waiting import eventually

CONSENT = {"basis": "written", "at": "2026-11-20T15:00:00Z", "channels": ["call", "text"]}
REPLY = "Saturday at ten suits me."


@pytest.fixture
def desk(product: Product, network: Network) -> Visitor:
    return Visitor(product.url).signs_in(flask(product, "admins", "create", "boss@network.example").strip())


def claimed(network: Network, agent: AgentInTest, **client: Any) -> dict[str, Any]:
    """The agent has the referral, and the client was not reached."""
    about = {"name": "Maria Delgado", "phone": "(512) 555-7001", "email": "maria@mail.example", **client}
    referral, page = network.offered(agent, client=about)
    page.press("call")
    agent.phone.rings().answer().press("1")
    network.client_phone(referral).rings().decline()
    agent.phone.is_over()
    page.becomes("client_missed")
    return referral


def test_it_reaches_the_agent_and_is_answered_from_the_portal(
    network: Network, sam: AgentInTest, carrier: Carrier, product: Product, desk: Visitor
) -> None:
    referral = claimed(network, sam, consent=CONSENT)
    maria = network.client_phone(referral)
    maria.writes("Could you come by on Saturday?")
    assert sam.phone.gets_text("Maria texted you.").link.endswith(f"/referrals/{referral['id']}")
    visitor, where = signed_in(product.url, sam), f"/referrals/{referral['id']}"
    assert "Could you come by on Saturday?" in visitor.get(where).text
    visitor.post(f"{where}/reply", body=REPLY)
    assert maria.gets_text("Saturday at ten").body == f"Sam: {REPLY}"
    assert REPLY in visitor.get(where).text
    told = desk.get(f"/admin/referrals/{referral['id']}").text
    assert "The client texted" in told
    assert "Sam Ortiz answered by text" in told


def test_for_a_day_a_client_who_wrote_first_is_answered_without_consent(
    network: Network, sam: AgentInTest, product: Product, database: Database
) -> None:
    referral = claimed(network, sam)
    maria = network.client_phone(referral)
    maria.writes("Hello?")
    sam.phone.gets_text("Maria texted you.")
    visitor, where = signed_in(product.url, sam), f"/referrals/{referral['id']}"
    database.time_passes(hours=23)
    visitor.post(f"{where}/reply", body=REPLY)
    assert maria.gets_text("Saturday at ten").body == f"Sam: {REPLY}"


def test_after_that_the_answer_stays_here(
    network: Network, sam: AgentInTest, product: Product, database: Database
) -> None:
    referral = claimed(network, sam)
    network.client_phone(referral).writes("Hello?")
    sam.phone.gets_text("Maria texted you.")
    visitor, where = signed_in(product.url, sam), f"/referrals/{referral['id']}"
    assert "Send the text" in visitor.get(where).text
    database.time_passes(hours=25)
    assert "There is no consent to text Maria." in visitor.get(where).text
    assert "Send the text" not in visitor.get(where).text
    visitor.post(f"{where}/reply", body=REPLY)  # from a page that was open before
    became = "SELECT status, error_code FROM notification WHERE kind = 'agent_reply'"
    eventually(lambda: select(product, became) == [("dropped", "no_consent")], "the gate's refusal")
    assert network.client_phone(referral).texts(REPLY) == []


def test_one_who_wants_no_texts_is_not_answered(network: Network, sam: AgentInTest, product: Product) -> None:
    referral = claimed(network, sam)
    maria = network.client_phone(referral)
    maria.writes("Hello?")
    sam.phone.gets_text("Maria texted you.")
    network.put("/do-not-contact", {"phone": maria.number})
    signed_in(product.url, sam).post(f"/referrals/{referral['id']}/reply", body=REPLY)
    became = "SELECT status, error_code FROM notification WHERE kind = 'agent_reply'"
    eventually(lambda: select(product, became) == [("dropped", "wish")], "the gate's refusal")


@pytest.mark.parametrize("body", ["", "   ", "x" * 121])
def test_an_answer_that_is_none_is_refused(
    network: Network, sam: AgentInTest, product: Product, carrier: Carrier, body: str
) -> None:
    referral = claimed(network, sam, consent=CONSENT)
    answer = signed_in(product.url, sam).post(f"/referrals/{referral['id']}/reply", body=body)
    assert answer.status_code == 422
    assert select(product, "SELECT 1 FROM client_reply") == []
