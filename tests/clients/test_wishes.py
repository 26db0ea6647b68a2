"""Who does not want to be called is not called: however we hear of it, by whomever, and from that moment on."""

from pathlib import Path

import pytest
from flask import Flask

from app.clients.contact_key import ContactKeys
from app.clients.wishes import unreadable
from app.config import load_settings
from app.extensions import db
from tests.support.browser.browser import Visitor
from tests.support.browser.page import Page
from tests.support.browser.sign_in import signed_in
from tests.support.carrier.carrier import Carrier
from tests.support.world.commands import flask, types
from tests.support.world.network import AgentInTest, Network, wrong_fields
from tests.support.world.product import Product
from tests.support.world.rows import change, select

MARIA = {"name": "Maria Delgado", "phone": "(512) 555-7001", "email": "maria@mail.example"}
PHONE = "+15125557001"
DALLAS = {"city": "Dallas", "state": "TX", "zip": "75201"}
KEPT = "SELECT way, source FROM do_not_contact WHERE lifted_at IS NULL ORDER BY way"


@pytest.fixture
def admin(product: Product, network: Network) -> Visitor:
    return Visitor(product.url).signs_in(flask(product, "admins", "create", "boss@network.example").strip())


def claims(network: Network, agent: AgentInTest, page: Page, says: str) -> None:
    """Presses 1, and hears why nobody is rung."""
    page.press("call")
    agent.phone.rings().answer().press("1").hears(says)
    agent.phone.is_over("completed")


def is_not_called(network: Network, agent: AgentInTest, carrier: Carrier) -> None:
    """The next agent is told before the tap, claims, and the client's phone stays still."""
    referral, page = network.offered(agent, client=MARIA, area=DALLAS)
    assert "Maria asked not to be called. Claim it, and write to them." in page.words
    claims(network, agent, page, "Maria asked not to be called. Please write to them instead.")
    assert "It's yours. Maria asked not to be called." in page.becomes("quiet").words
    agent.mailbox.gets_mail("Maria Delgado")
    assert network.referral(referral["id"])["claimed_by"] == agent.id
    assert all(call["phone"] != PHONE for call in carrier.state()["calls"])


@pytest.mark.parametrize("words", ["Please stop calling me", "wrong number", "No me llamen"])
def test_by_a_text(network: Network, sam: AgentInTest, carrier: Carrier, product: Product, words: str) -> None:
    network.refer(agent_id=sam.id, client=MARIA)
    maria = carrier.phone(PHONE)
    maria.writes(words)
    maria.gets_text("Dibs: OK, no more calls or texts from us to this number.")
    assert select(product, KEPT) == [("call", "text"), ("text", "text")]
    is_not_called(network, network.add_agent("Priya Raman"), carrier)


def test_a_stop_means_texts_alone(network: Network, sam: AgentInTest, carrier: Carrier, product: Product) -> None:
    network.refer(agent_id=sam.id, client=MARIA)
    carrier.phone(PHONE).writes("STOP")
    carrier.wait(lambda _state: select(product, KEPT) == [("text", "text")], "the wish for no texts")


def test_by_the_api(network: Network, sam: AgentInTest, carrier: Carrier, product: Product) -> None:
    for _ in range(2):
        answer = network.put("/do-not-contact", {"phone": "512-555-7001"})
        assert (answer.status_code, answer.json()) == (200, {"phone": PHONE, "channels": ["call", "text"]})
    assert select(product, KEPT) == [("call", "api"), ("text", "api")]
    is_not_called(network, sam, carrier)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"phone": "12"}, "phone"),
        ({}, "phone"),
        ({"phone": PHONE, "channels": ["email"]}, "channels"),
        ({"phone": PHONE, "channels": []}, "channels"),
        ({"phone": PHONE, "why": "x"}, "why"),
    ],
)
def test_what_the_api_cannot_take_is_named(
    network: Network, product: Product, body: dict[str, object], field: str
) -> None:
    answer = network.put("/do-not-contact", body)
    assert (answer.status_code, wrong_fields(answer)) == (422, [field])
    assert select(product, KEPT) == []


def test_from_the_desk(network: Network, sam: AgentInTest, carrier: Carrier, admin: Visitor) -> None:
    referral = network.refer(agent_id=network.add_agent("Priya Raman").id, client=MARIA)
    shown = admin.post(f"/admin/referrals/{referral['id']}/do-not-contact").text
    assert "Not to be called or texted, since" in shown
    assert "The client asked not to be called, as the desk tells us" in shown
    is_not_called(network, sam, carrier)


def test_by_the_agents_one_tap(network: Network, sam: AgentInTest, carrier: Carrier, product: Product) -> None:
    referral, page = network.offered(sam, client=MARIA)
    page.press("call")
    sam.phone.rings().answer().press("1").hears("Connecting you to Maria")
    carrier.phone(PHONE).rings().answer().hang_up()
    sam.phone.is_over("completed")
    portal = signed_in(product.url, sam)
    assert "Maria asked not to be called" in portal.get(f"/referrals/{referral['id']}").text
    shown = portal.post(f"/referrals/{referral['id']}/do-not-contact").text
    assert "Maria asked not to be called or texted" in shown
    assert "tel:+15125557001" not in shown.split("<dl>")[0]
    assert select(product, KEPT) == [("call", "agent"), ("text", "agent")]
    other = signed_in(product.url, network.add_agent("Priya Raman"))
    assert other.post(f"/referrals/{referral['id']}/do-not-contact").status_code == 404


def test_by_a_file_of_numbers(
    network: Network, sam: AgentInTest, carrier: Carrier, product: Product, tmp_path: Path
) -> None:
    numbers = tmp_path / "numbers.csv"
    numbers.write_text("\ufeffphone,since\n(512) 555-7001,2024\n+15125557002,\n\n512.555.7001,2025\n", encoding="utf-8")
    done = types(product, "suppress", str(numbers))
    assert (done.returncode, done.stderr.strip()) == (0, "2 numbers are not called or texted any more.")
    is_not_called(network, sam, carrier)
    numbers.write_text("5125557003\nMaria\n5125557004\n12\n", encoding="utf-8")
    wrong = types(product, "suppress", str(numbers))
    assert wrong.returncode != 0
    assert "no phone number in line 2, 4. Nothing was taken in." in wrong.stderr
    assert len(select(product, KEPT)) == 4


def test_a_phone_that_rings_right_then_stops_ringing(network: Network, sam: AgentInTest, carrier: Carrier) -> None:
    _, page = network.offered(sam, client=MARIA)
    page.press("call")
    sam.phone.rings().answer().press("1").hears("Connecting you to Maria")
    maria = carrier.phone(PHONE).rings()
    network.put("/do-not-contact", {"phone": PHONE})
    maria.is_over("canceled")
    sam.phone.hears("Maria has just asked not to be called, so we stopped ringing.").is_over("completed")
    assert "Maria is yours, and didn't pick up." in page.becomes("client_missed").words
    assert "Maria can't be called any more. Write to them instead." in page.words
    sam.mailbox.gets_mail("Maria Delgado")


def test_two_who_are_talking_go_on_talking(network: Network, sam: AgentInTest, carrier: Carrier) -> None:
    _, page = network.offered(sam, client=MARIA)
    page.press("call")
    sam.phone.rings().answer().press("1").hears("Connecting you to Maria")
    maria = carrier.phone(PHONE).rings().answer()
    page.becomes("connected")
    network.put("/do-not-contact", {"phone": PHONE})
    assert [call["status"] for call in carrier.state()["calls"]] == ["in-progress", "in-progress"]
    maria.hang_up()
    sam.phone.is_over("completed")


def test_only_a_newer_consent_undoes_it(network: Network, sam: AgentInTest, product: Product) -> None:
    network.put("/do-not-contact", {"phone": PHONE})
    old = {"basis": "written", "at": "2026-01-05T09:00:00Z", "channels": ["call"]}
    network.refer(agent_id=sam.id, client={**MARIA, "consent": old})
    assert len(select(product, KEPT)) == 2
    change(product, "UPDATE do_not_contact SET at = at - interval '10 minutes'")
    newer = select(product, "SELECT to_char(now() - interval '1 minute', 'YYYY-MM-DD\"T\"HH24:MI:SSOF:00')")[0][0]
    network.refer(agent_id=sam.id, client={**MARIA, "consent": {**old, "at": newer}}, area=DALLAS)
    assert select(product, KEPT) == [("text", "api")]
    _, page = network.offered(sam, client=MARIA, area={"city": "Waco", "state": "TX", "zip": "76701"})
    assert "asked not to be called" not in page.words


def test_no_row_or_log_shows_the_number(network: Network, product: Product) -> None:
    network.put("/do-not-contact", {"phone": PHONE})
    kept = select(product, "SELECT row_to_json(do_not_contact)::text FROM do_not_contact")
    assert all("5125557001" not in row for (row,) in kept)
    assert "5125557001" not in product.log_path.read_text(encoding="utf-8")


def test_a_wish_whose_key_is_gone_is_noticed(network: Network, product: Product, app: Flask) -> None:
    network.put("/do-not-contact", {"phone": PHONE})
    mine = ContactKeys(load_settings(product.env).contact_keys)
    assert unreadable(db.session(), keys=mine) == 0
    assert unreadable(db.session(), keys=ContactKeys((b"another key, newer", *mine.keys))) == 0
    assert unreadable(db.session(), keys=ContactKeys((b"another key alone",))) == 2
