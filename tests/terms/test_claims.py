"""An agent who lacks what the network asks for cannot claim, and hears why: on the page, by the voice, by text."""

from urllib.parse import urlsplit

import pytest

from tests.pipeline.client import Client
from tests.support.browser.browser import Visitor, hidden
from tests.support.browser.page import read_words
from tests.support.browser.sign_in import signed_in
from tests.support.world.commands import flask
from tests.support.world.network import AgentInTest, Network
from tests.support.world.product import Product
from tests.support.world.rows import change, select
from tests.support.world.waiting import eventually

TEXT = "You owe the network a share of your commission.\nIt is due at closing."
ASKED = "Before you claim, your network asks you to accept its agreement."


@pytest.fixture
def admin(product: Product, network: Network) -> Visitor:
    """An admin, signed in."""
    return Visitor(product.url).signs_in(flask(product, "admins", "create", "boss@network.example").strip())


def standing_claim(product: Product) -> tuple[object, ...]:
    """Agent's version of the terms and the fee, as kept with the claim."""
    query = "SELECT terms.number, fee_percent FROM claim JOIN terms ON terms.id = terms_id WHERE ended_at IS NULL"
    return tuple(select(product, query)[0])


def test_the_agreement_is_read_accepted_and_kept_and_then_they_claim(
    admin: Visitor, network: Network, product: Product, sam: AgentInTest
) -> None:
    admin.post("/admin/terms", agreement=TEXT, fee="400000: 25\n30")
    referral, page = network.offered(sam)
    assert ASKED in page.words
    assert "Call me to Claim Referral" not in page.words
    assert "30% of your commission" in page.words
    page.press("call")
    assert page.phase == "offered"
    assert network.calls(referral) == []
    visitor = signed_in(product.url, sam)
    read = visitor.get(f"/terms?next={urlsplit(page.link).path}")
    words = read_words(read.text)
    assert "It is due at closing." in words
    assert "up to $400,000 25%" in words
    after = visitor.post("/terms", terms=hidden(read.text, "terms"), next=urlsplit(page.link).path)
    assert "Call me to Claim Referral" in after.text
    assert "You accepted it on" in read_words(visitor.get("/terms").text)
    page.press("call")
    sam.phone.rings().answer().press("1")
    eventually(lambda: network.referral(referral["id"])["status"] == "claimed", "Sam has it")
    assert network.referral(referral["id"])["terms"] == {"version": 1, "fee_percent": 30.0}
    assert [str(value) for value in standing_claim(product)] == ["1", "30.00"]
    assert "30% of your commission" in read_words(visitor.get(f"/referrals/{referral['id']}").text)
    assert "Version 1, a fee of 30%" in read_words(admin.get(f"/admin/referrals/{referral['id']}").text)
    assert "By 1 agent" in read_words(admin.get("/admin/terms").text)


def test_agents_accept_again_after_a_change_of_text_or_fee_only(
    admin: Visitor, network: Network, product: Product, sam: AgentInTest
) -> None:
    admin.post("/admin/terms", agreement=TEXT, fee="30")
    visitor = signed_in(product.url, sam)
    first = visitor.get("/terms")
    visitor.post("/terms", terms=hidden(first.text, "terms"))
    page = network.offered(sam)[1]
    admin.post("/admin/terms", agreement=TEXT, fee="30", needs_brokerage="no", needs_licence="no")
    assert ASKED not in page.words
    admin.post("/admin/terms", agreement=TEXT, fee="35")
    assert ASKED in page.words
    stale = visitor.post("/terms", terms=hidden(first.text, "terms"))
    assert stale.status_code == 409
    assert "It has changed while you were reading." in stale.text
    assert ASKED in page.words
    visitor.post("/terms", terms=hidden(visitor.get("/terms").text, "terms"))
    assert ASKED not in page.words
    admin.post("/admin/terms", agreement="", fee="35")
    assert ASKED not in page.words
    assert select(product, "SELECT count(*) FROM terms_acceptance") == [(2,)]
    assert select(product, "SELECT DISTINCT terms ->> 'agreement' FROM terms ORDER BY 1") == [("",), (TEXT,)]


@pytest.mark.parametrize(
    ("terms", "serves", "page_says", "voice_says"),
    [
        ({"needs_licence": "yes"}, [], "knows of no licence of yours in TX", "no licence of yours in this state"),
        ({"needs_licence": "yes"}, ["TX 1 2020-01-01"], "Your licence in TX has expired", "licence in this state has"),
        ({"needs_brokerage": "yes"}, [], "does not know your brokerage yet", "does not know your brokerage"),
        ({"agreement": TEXT}, [], ASKED, "please read and accept your network's agreement"),
    ],
)
def test_it_is_said_on_the_page_and_by_the_voice(  # noqa: PLR0917
    admin: Visitor,
    network: Network,
    product: Product,
    sam: AgentInTest,
    terms: dict[str, str],
    serves: list[str],
    page_says: str,
    voice_says: str,
) -> None:
    network.put(f"/agents/{sam.id}/serves", {"licences": serves})
    referral, page = network.offered(sam)
    page.press("call")
    sam.phone.rings().answer()
    admin.post("/admin/terms", **terms)
    sam.phone.press("1").hears(voice_says).hears("The referral is still open").hang_up()
    page.becomes("offered")
    assert page_says in page.words
    assert network.referral(referral["id"])["status"] == "open"
    admin.post("/admin/terms")
    page.press("call")
    sam.phone.rings().answer().press("1").hears("It's yours")
    assert standing_claim(product) == (2, None)


def test_a_text_says_that_something_is_missing(admin: Visitor, network: Network, sam: AgentInTest) -> None:
    admin.post("/admin/terms", needs_licence="yes")
    network.refer(agent_id=sam.id)
    sam.phone.gets_text("Reply 1")
    sam.phone.writes("1")
    sam.phone.gets_text("Something is missing before you can claim")


def test_by_pin_it_is_the_same(admin: Visitor, network: Network, sam: AgentInTest) -> None:
    _, page = network.offered(sam)
    page.press("call")
    sam.phone.rings().decline()
    page.becomes("missed").press("call")
    sam.phone.rings().decline()
    page.becomes("pin")
    pin = page.pin
    admin.post("/admin/terms", needs_licence="yes")
    sam.phone.calls_us(verified=False)
    sam.phone.press(pin).hears("no licence of yours in this state")


def test_a_teammate_needs_as_much_to_take_over(admin: Visitor, network: Network, product: Product) -> None:
    team = network.add_team()
    sam, priya = network.add_agent("Sam Ortiz", team), network.add_agent("Priya Raman", team)
    maria = Client(network, product, sam, team_id=team).claimed()
    priya.phone.gets_text("was first")
    maria.does("hand-over", to=priya.id, say="")
    priya.phone.gets_text("hands you a client")
    admin.post("/admin/terms", needs_licence="yes", fee="30")
    priyas = signed_in(product.url, priya)
    assert "knows of no licence of yours in TX" in read_words(priyas.post(f"{maria.path}/take-over").text)
    assert select(product, "SELECT count(*) FROM claim") == [(1,)]
    network.put(f"/agents/{priya.id}/serves", {"licences": ["TX 0612345"]})
    assert "Maria Delgado" in priyas.post(f"{maria.path}/take-over").text
    assert [str(value) for value in standing_claim(product)] == ["1", "30.00"]


def test_routing_passes_over_who_cannot_claim_and_asks_who_has_only_to_accept(admin: Visitor, network: Network) -> None:
    admin.post("/admin/terms", agreement=TEXT, needs_licence="yes")
    around = {"areas": ["TX"]}
    licensed = network.add_agent("Sam Ortiz", serves={**around, "licences": ["TX 0612345"]})
    network.add_agent("Kim Lee", serves=around)
    referral = network.refer()
    assert list(network.offers(referral)) == [licensed.id]
    words = read_words(admin.get(f"/admin/referrals/{referral['id']}").text)
    assert "No licence with a number there" in words


def test_what_cannot_be_a_fee_is_refused_at_its_field(admin: Visitor, product: Product) -> None:
    answer = admin.post("/admin/terms", agreement=TEXT, fee="a third")
    assert answer.status_code == 422
    assert "Give one percentage, such as 30" in answer.text
    assert TEXT.splitlines()[1] in answer.text
    assert select(product, "SELECT count(*) FROM terms") == [(0,)]


def test_without_terms_nothing_is_said_of_them(network: Network, product: Product, sam: AgentInTest) -> None:
    page = network.offered(sam)[1]
    assert "Referral fee" not in page.words
    visitor = signed_in(product.url, sam)
    assert visitor.get("/terms").status_code == 404
    assert "With your network" not in visitor.get("/me").text
    change(product, "UPDATE agent SET licences = '{TX 0612345 2027-01-31}'")
    assert "TX 0612345, until Jan 31, 2027" in read_words(visitor.get("/me").text)
