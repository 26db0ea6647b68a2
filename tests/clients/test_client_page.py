"""The client knows who will call, and says what they want: on a page without sign-in, in English and Spanish."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import requests

from tests.support.browser.browser import Visitor
from tests.support.browser.client_page import ClientPage
from tests.support.browser.page import Page
from tests.support.carrier.carrier import Carrier
from tests.support.world.commands import flask
from tests.support.world.mailbox import Mailbox
from tests.support.world.network import AgentInTest, Network
from tests.support.world.product import Product
from tests.support.world.rows import rows, select
from tests.support.world.waiting import eventually

OUR_NUMBER = "(512) 555-0100"
UNBROKEN = OUR_NUMBER.replace("-", "\N{NON-BREAKING HYPHEN}")
MARIA = {"name": "Maria Delgado", "phone": "(512) 555-7001", "email": "maria@mail.example"}
CONSENT = {"basis": "written", "at": "2026-11-20T15:00:00Z", "channels": ["call", "text"]}


@pytest.fixture
def desk(product: Product, network: Network) -> Visitor:
    return Visitor(product.url).signs_in(flask(product, "admins", "create", "boss@network.example").strip())


@pytest.fixture
def maria(carrier: Carrier) -> Mailbox:
    return carrier.inbox("maria@mail.example")


def claimed(network: Network, agent: AgentInTest, **client: Any) -> tuple[dict[str, Any], Page]:
    """The agent has claimed, and the client did not pick up."""
    referral, page = network.offered(agent, client={**MARIA, **client})
    page.press("call")
    agent.phone.rings().answer().press("1")
    network.client_phone(referral).rings().decline()
    agent.phone.is_over()
    page.becomes("client_missed")
    return referral, page


def test_with_the_claim_the_client_hears_by_mail_who_will_call_and_from_where(
    network: Network, maria: Mailbox, carrier: Carrier
) -> None:
    sam = network.add_agent(brokerage="Lone Star Realty")
    referral, _ = claimed(network, sam)
    mail = maria.gets_mail("Sam is your agent in Austin")
    assert "Sam of Lone Star Realty helps you sell in Austin." in mail.text
    assert f"Calls come from {OUR_NUMBER}." in mail.text
    assert mail.link == network.client_page(referral).link
    assert not carrier.phone("+15125557001").texts("helps you")


def test_by_text_only_with_consent_for_texts(
    network: Network, sam: AgentInTest, carrier: Carrier, desk: Visitor
) -> None:
    referral, _ = claimed(network, sam, consent=CONSENT)
    text = carrier.phone("+15125557001").gets_text("Sam helps you in Austin")
    assert text.link == network.client_page(referral).link
    assert text.segments == 1


def test_a_client_who_speaks_spanish_is_written_to_so(network: Network, sam: AgentInTest, maria: Mailbox) -> None:
    referral, _ = claimed(network, sam, language="es")
    assert "le ayuda a vender en Austin" in maria.gets_mail("Sam es su agente en Austin").text
    assert f"Sam le llama desde el {UNBROKEN}." in network.client_page(referral).words


def test_the_page_speaks_the_browsers_language_and_can_be_switched(network: Network, sam: AgentInTest) -> None:
    referral, _ = claimed(network, sam)
    page = network.client_page(referral)
    assert f"Sam calls you from {UNBROKEN}." in page.words
    spanish = page.get(**{"Accept-Language": "es-MX,es;q=0.9,en;q=0.5"}).text
    assert "Llámenme ahora" in spanish
    assert '<html lang="es">' in spanish
    assert "Llámenme ahora" in requests.get(f"{page.link}?lang=es", timeout=10).text


def test_before_a_claim_they_hear_that_an_agent_is_being_found(network: Network, sam: AgentInTest) -> None:
    referral = network.refer(agent_id=sam.id)
    page = network.client_page(referral)
    assert "We're finding your agent." in page.words
    assert "Sam" not in page.words
    page.press("call")
    assert page.times == []
    assert network.calls(referral) == []


def test_call_me_now_rings_the_agent_first_and_then_the_client(
    network: Network, sam: AgentInTest, desk: Visitor
) -> None:
    referral, page = claimed(network, sam)
    client_page = network.client_page(referral)
    client_page.press("call")
    sam.phone.rings()
    assert "We're ringing Sam, then you." in client_page.words
    sam.phone.answer().hears("Maria asked for a call. Press 1").press("1")
    network.client_phone(referral).rings().answer()
    page.becomes("connected")
    assert "Sam is calling you now." in client_page.words
    sam.phone.hang_up()
    page.becomes("claimed")
    assert "The client asked to be called now" in desk.get(f"/admin/referrals/{referral['id']}").text


def test_tapped_twice_it_rings_once(network: Network, sam: AgentInTest, carrier: Carrier) -> None:
    referral, _ = claimed(network, sam)
    client_page = network.client_page(referral)
    for _ in range(2):
        client_page.press("call")
    sam.phone.rings().rings_out().is_over()
    eventually(lambda: network.calls(referral) == ["client_missed", "no_answer"], "the end of the one call")


def test_id_rather_text_is_told_to_the_agent_and_no_call_is_offered(network: Network, sam: AgentInTest) -> None:
    referral, page = claimed(network, sam)
    network.client_page(referral).press("rather-text")
    assert "Sam writes to you instead." in network.client_page(referral).words
    sam.phone.gets_text("Maria would rather text")
    assert "Try the client again" not in page.words


@pytest.mark.parametrize(
    ("action", "told"), [("no-calls", "Maria asked for no calls"), ("wrong-person", "Maria's number is someone else's")]
)
def test_whoever_wants_no_calls_gets_none(
    network: Network, sam: AgentInTest, product: Product, *, action: str, told: str
) -> None:
    referral, page = claimed(network, sam)
    client_page = network.client_page(referral)
    client_page.press(action)
    assert "We won't call you again." in client_page.words
    sam.phone.gets_text(told)
    assert "Try the client again" not in page.words
    kept = select(product, "SELECT way, source FROM do_not_contact ORDER BY way")
    assert kept == [("call", "page"), ("text", "page")]
    client_page.press("call")
    assert network.calls(referral) == ["client_missed"]


def test_opening_the_page_changes_nothing_and_a_look_is_told_by_its_script(
    network: Network, sam: AgentInTest, product: Product, desk: Visitor
) -> None:
    referral, _ = claimed(network, sam)
    client_page = network.client_page(referral)
    before = rows(product)
    assert client_page.get().status_code == 200
    assert rows(product) == before
    for _ in range(2):
        assert client_page.press("looked").status_code == 204
    assert select(product, "SELECT response FROM client_response") == [("looked",)]
    assert "The client looked at their page" in desk.get(f"/admin/referrals/{referral['id']}").text


def test_the_contact_card_names_the_agent_and_our_number(network: Network, sam: AgentInTest) -> None:
    referral, _ = claimed(network, sam)
    card = requests.get(f"{network.client_page(referral).link}/card.vcf", timeout=10)
    assert card.headers["Content-Type"] == "text/vcard; charset=utf-8"
    assert "FN:Sam (Dibs)" in card.text
    assert "+15125550100" in card.text


def test_the_page_tells_nothing_of_the_client_but_what_they_want(network: Network, sam: AgentInTest) -> None:
    referral, _ = claimed(network, sam)
    shown = network.client_page(referral).get().text
    for secret in ("Delgado", "maria@", "5557001", "555-7001", "Ortiz"):
        assert secret not in shown


def test_a_link_that_went_astray_can_neither_ring_nor_write_without_end(
    network: Network, sam: AgentInTest, product: Product
) -> None:
    referral, _ = claimed(network, sam)
    client_page = network.client_page(referral)
    answers = [client_page.press("rather-text").status_code for _ in range(22)]
    assert answers == [200] * 20 + [429] * 2
    eventually(lambda: len(sam.phone.texts("would rather text")) == 20, "what was allowed")


@pytest.fixture
def night(product: Product) -> Iterator[None]:
    """It is not the hour to call a client in Austin."""
    here = (datetime.now(UTC).astimezone(ZoneInfo("America/Chicago")).hour + 3) % 23
    table = "".join(
        ["as_of = 2026-01-01\n", *(f'[country.{name}]\nlaw = "none"\nhours = "0-24"\n' for name in ("US", "CA"))]
    )
    with product.web_with(CLIENT_HOURS=f"{here}-{here + 1}", CALLING_RULES=table):
        yield


def test_outside_their_hours_they_hear_from_when_on_and_can_book(
    network: Network, sam: AgentInTest, night: None, product: Product
) -> None:
    referral, page = network.offered(sam)
    page.press("call")
    sam.phone.rings().answer().press("1").hears("We ring you both then.").is_over()
    page.becomes("quiet")
    client_page = ClientPage(network.client_page(referral).link)
    assert "Sam calls you " in client_page.words
    assert "Call me now" not in client_page.words
    assert [by for (by,) in select(product, "SELECT asked_by FROM booking")] == ["hours"]
