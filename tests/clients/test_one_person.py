"""A client is one person, however often and by whomever they are sent; the same need sent twice waits for an admin."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.support.browser.browser import Visitor
from tests.support.browser.sign_in import signed_in
from tests.support.carrier.carrier import Carrier
from tests.support.world.commands import flask
from tests.support.world.network import AgentInTest, Network
from tests.support.world.product import Product
from tests.support.world.rows import change, rows, select

MARIA = {"name": "Maria Delgado", "phone": "(512) 555-7001", "email": "maria@mail.example"}
DALLAS = {"city": "Dallas", "state": "TX", "zip": "75201"}
BOSS = "boss@network.example"


@pytest.fixture
def admin(product: Product, network: Network) -> Visitor:
    return Visitor(product.url).signs_in(flask(product, "admins", "create", BOSS).strip())


@pytest.mark.parametrize(
    ("again", "is_one"),
    [
        ({}, True),
        ({"name": "Maria Delgado-Lopez"}, True),
        ({"name": "MARIA DELGADO", "email": "other@mail.example"}, True),
        ({"name": "M. Delgado"}, True),
        ({"name": "Jorge Delgado", "email": "jorge@mail.example"}, False),
        ({"phone": "(512) 555-7002"}, False),
    ],
)
def test_a_known_client_is_found_again(network: Network, sam: AgentInTest, again: dict[str, str], is_one: bool) -> None:
    first = network.refer(agent_id=sam.id, client=MARIA)
    second = network.refer(agent_id=sam.id, client={**MARIA, **again}, area=DALLAS)
    assert (first["client_id"] == second["client_id"]) == is_one
    assert second["client"]["name"] == again.get("name", MARIA["name"])


def test_what_was_told_before_is_not_lost(network: Network, sam: AgentInTest, product: Product) -> None:
    network.refer(agent_id=sam.id, client=MARIA)
    network.refer(agent_id=sam.id, client={**MARIA, "email": "new@mail.example"}, area=DALLAS)
    assert select(product, "SELECT before, after FROM change WHERE noun = 'client'") == [
        ({"email": MARIA["email"]}, {"email": "new@mail.example"})
    ]


def test_two_referrals_that_come_at_once_are_of_one_client(network: Network, sam: AgentInTest) -> None:
    areas = [{**DALLAS, "city": f"Town {n}", "zip": f"7520{n}"} for n in range(4)]
    with ThreadPoolExecutor(len(areas)) as several:
        made = list(several.map(lambda area: network.refer(agent_id=sam.id, client=MARIA, area=area), areas))
    assert len({referral["client_id"] for referral in made}) == 1


def test_two_referrals_of_one_client_show_on_each_other(
    network: Network, sam: AgentInTest, admin: Visitor, product: Product
) -> None:
    priya = network.add_agent("Priya Raman")
    selling, page = network.offered(priya, client=MARIA)
    buying, other_page = network.offered(sam, client=MARIA, area=DALLAS, kind="buyer")
    for agent, its_page in ((priya, page), (sam, other_page)):
        its_page.press("call")
        agent.phone.rings().answer().press("1").hears("Maria").hang_up()
    assert "sells in Austin, with Priya" in signed_in(product.url, sam).get(f"/referrals/{buying['id']}").text
    assert "buys in Dallas, with Sam" in signed_in(product.url, priya).get(f"/referrals/{selling['id']}").text
    assert "Buyer in Dallas, 75201</a> with Sam" in admin.get(f"/admin/referrals/{selling['id']}").text


def test_the_same_need_sent_twice_within_a_day_is_held_for_the_admins(
    network: Network, sam: AgentInTest, admin: Visitor, carrier: Carrier, product: Product
) -> None:
    first = network.refer(agent_id=sam.id, client=MARIA)
    second = network.refer(agent_id=sam.id, client=MARIA, area={"city": "AUSTIN", "state": "TX", "zip": "78701"})
    assert (second["status"], second["reason"], second["duplicate_of"]) == ("held", "duplicate", first["id"])
    assert second["offers"] == []
    mail = carrier.inbox(BOSS).gets_mail("Sent twice: Seller in AUSTIN, 78701")
    assert f"/admin/referrals/{second['id']}" in mail.text
    shown = admin.get(f"/admin/referrals/{second['id']}").text
    assert f'href="/admin/referrals/{first["id"]}"' in shown
    assert "It was held: the same client&#39;s same need had come before" in shown
    assert "held: sent twice" in admin.get("/admin/?show=held").text
    assert len(select(product, "SELECT id FROM offer")) == 1


def test_an_admin_offers_it_all_the_same(network: Network, sam: AgentInTest, admin: Visitor) -> None:
    network.refer(agent_id=sam.id, client=MARIA)
    held = network.refer(agent_id=sam.id, client=MARIA)
    for _ in range(2):
        assert admin.post(f"/admin/referrals/{held['id']}/release").status_code == 200
    released = network.referral(held["id"])
    assert (released["status"], released["reason"], len(released["offers"])) == ("open", None, 1)
    sam.phone.gets_text(network.link(released, sam))


def test_an_admin_closes_it(network: Network, sam: AgentInTest, admin: Visitor) -> None:
    network.refer(agent_id=sam.id, client=MARIA)
    held = network.refer(agent_id=sam.id, client=MARIA)
    admin.post(f"/admin/referrals/{held['id']}/close")
    admin.post(f"/admin/referrals/{held['id']}/release")
    closed = network.referral(held["id"])
    assert (closed["status"], closed["offers"]) == ("closed", [])


@pytest.mark.parametrize(
    "other",
    [{"kind": "buyer"}, {"area": DALLAS}, {"client": {**MARIA, "name": "Jorge Ruiz", "email": "j@mail.example"}}],
)
def test_another_need_or_another_person_is_not_held(network: Network, sam: AgentInTest, other: dict[str, Any]) -> None:
    network.refer(agent_id=sam.id, client=MARIA)
    assert network.refer(agent_id=sam.id, **{"client": MARIA, **other})["status"] == "open"


def test_the_same_need_on_another_day_is_not_held(network: Network, sam: AgentInTest, product: Product) -> None:
    network.refer(agent_id=sam.id, client=MARIA)
    change(product, "UPDATE referral SET created_at = now() - interval '25 hours'")
    assert network.refer(agent_id=sam.id, client=MARIA)["status"] == "open"


def test_a_network_can_hold_for_longer_or_never(network: Network, sam: AgentInTest, product: Product) -> None:
    network.refer(agent_id=sam.id, client=MARIA)
    with product.web_with(DUPLICATE_HOURS="0"):
        assert network.refer(agent_id=sam.id, client=MARIA)["status"] == "open"
    change(product, "UPDATE referral SET created_at = now() - interval '40 hours'")
    with product.web_with(DUPLICATE_HOURS="48"):
        assert network.refer(agent_id=sam.id, client=MARIA)["status"] == "held"


def test_an_idempotency_key_keeps_its_meaning(network: Network, sam: AgentInTest, product: Product) -> None:
    body, key = network.referral_body(agent_id=sam.id, client=MARIA), {"Idempotency-Key": "crm-4711"}
    first, again = network.post("/referrals", body, **key), network.post("/referrals", body, **key)
    assert (again.json(), again.headers["Idempotent-Replayed"]) == (first.json(), "true")
    assert first.json()["status"] == "open"
    assert network.post("/referrals", body, **{"Idempotency-Key": "crm-4712"}).json()["status"] == "held"
    assert rows(product)["referral"] == 2
