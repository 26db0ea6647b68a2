"""The desk's table of agents, and one agent's own page: figures, offers, calls, terms, and their leaving."""

import re

import pytest

from tests.admin.test_figures import counted
from tests.support.browser.browser import Visitor
from tests.support.browser.page import read_words
from tests.support.world.commands import flask
from tests.support.world.network import AgentInTest, Network
from tests.support.world.product import Product
from tests.support.world.rows import change, select
from tests.support.world.waiting import eventually

NAMES = re.compile(r'<th scope="row"><a href="[^"]+">([^<]*)')


@pytest.fixture
def admin(product: Product, network: Network) -> Visitor:
    return Visitor(product.url).signs_in(flask(product, "admins", "create", "boss@network.example").strip())


def listed(admin: Visitor, query: str = "") -> list[str]:
    return NAMES.findall(admin.get(f"/admin/agents{query}").text)


def record(product: Product, agent: AgentInTest, *, rang: int, answered: int, claims: int, seconds: float) -> None:
    """What the sweeper would have counted."""
    change(
        product,
        "INSERT INTO agent_record (agent_id, rang, answered, claims, talked, claim_seconds, counted_at)"
        f" VALUES ('{agent.id}', {rang}, {answered}, {claims}, 0, {seconds}, now())"
        " ON CONFLICT (agent_id) DO UPDATE SET rang = excluded.rang, answered = excluded.answered,"
        " claims = excluded.claims, claim_seconds = excluded.claim_seconds",
    )


def test_the_table_is_sorted_by_what_the_address_says(admin: Visitor, network: Network, product: Product) -> None:
    team = network.add_team("Alamo")
    ana, ben, cleo = (network.add_agent(name) for name in ("Ana Ruiz", "Ben Lee", "Cleo Park"))
    network.add_agent("Dan Ito", team)
    record(product, ana, rang=10, answered=5, claims=3, seconds=40)
    record(product, ben, rang=10, answered=9, claims=1, seconds=12)
    record(product, cleo, rang=0, answered=0, claims=7, seconds=90)
    assert listed(admin) == ["Ana Ruiz", "Ben Lee", "Cleo Park", "Dan Ito"]
    assert listed(admin, "?sort=claims") == ["Cleo Park", "Ana Ruiz", "Ben Lee", "Dan Ito"]
    assert listed(admin, "?sort=answered") == ["Ben Lee", "Ana Ruiz", "Cleo Park", "Dan Ito"]
    assert listed(admin, "?sort=speed") == ["Ben Lee", "Ana Ruiz", "Cleo Park", "Dan Ito"]
    assert listed(admin, "?sort=team")[0] == "Dan Ito"
    assert listed(admin, "?sort=claims&q=park") == ["Cleo Park"]
    page = admin.get("/admin/agents?sort=answered").text
    assert 'aria-sort="descending"' in page
    assert "90%" in page


def test_the_table_is_filtered_by_who_is_at_work(admin: Visitor, network: Network, product: Product) -> None:
    _ana, ben, cleo = (network.add_agent(name) for name in ("Ana Ruiz", "Ben Lee", "Cleo Park"))
    admin.post(f"/admin/agents/{ben.id}/pause")
    flask(product, "agents", "leave", cleo.email)
    shown = {show: listed(admin, f"?show={show}") for show in ("here", "paused", "left", "nonsense")}
    assert shown == {
        "here": ["Ana Ruiz"], "paused": ["Ben Lee"], "left": ["Cleo Park"],
        "nonsense": ["Ana Ruiz", "Ben Lee", "Cleo Park"],
    }  # fmt: skip
    back = admin.post(f"/admin/agents/{ben.id}/resume", next="/admin/agents?show=paused")
    assert back.url.endswith("?show=paused")


def test_an_agent_s_page_shows_what_they_did(
    admin: Visitor, network: Network, product: Product, sam: AgentInTest
) -> None:
    referral, page = network.offered(sam)
    page.press("call")
    sam.phone.rings().answer().press("1").hears("It's yours")
    client = network.client_phone(referral).rings().answer()
    client.hang_up().is_over()
    sam.phone.hang_up().is_over()
    words = read_words(admin.get(f"/admin/agents/{sam.id}").text)
    for part in ("At work", "Reached by", "Agreement not accepted", "Offers Seller in Austin", "claimed", "Network:"):
        assert part in words
    assert words.count("Seller in Austin, 78704") == 3, "as an offer, a client and a call"
    counted(product, 1)
    assert "1 offer, 1 claim" in read_words(admin.get(f"/admin/agents/{sam.id}").text)


def test_one_who_is_here_twice_is_made_one(admin: Visitor, network: Network, product: Product) -> None:
    old, new = network.add_agent("Sam Ortiz"), network.add_agent("Samuel Ortiz")
    referral, page = network.offered(old)
    page.press("call")
    old.phone.rings().answer().press("1").hears("It's yours").hang_up().is_over()
    network.client_phone(referral)
    path = f"/admin/agents/{old.id}"
    for fields, field in (
        ({"why": "twice"}, "to"),
        ({"why": "twice", "to": f"Sam Ortiz, {old.email}"}, "to"),
        ({"why": "", "to": f"Samuel Ortiz, {new.email}"}, "why"),
    ):
        refused = admin.post(f"{path}/leave", same="yes", **fields)
        assert (refused.status_code, f'id="w-{field}"' in refused.text) == (422, True)
    answer = admin.post(f"{path}/leave", same="yes", to=f"Samuel Ortiz, {new.email}", why="Here twice.")
    assert "The same person as Samuel Ortiz" in read_words(answer.text)
    eventually(lambda: network.referral(referral["id"])["claimed_by"] == new.id, "the client goes with them")
    new.phone.gets_text()
    assert listed(admin, "?show=left") == ["Sam Ortiz"]
    assert select(product, "SELECT count(*) FROM agent WHERE left_at IS NULL") == [(1,)]


def test_an_agent_without_clients_leaves_without_naming_a_successor(
    admin: Visitor, network: Network, product: Product, sam: AgentInTest
) -> None:
    page = admin.post(f"/admin/agents/{sam.id}/leave", why="Moved to Ohio.").text
    assert "Left on" in read_words(page)
    assert network.post("/referrals", network.referral_body(agent_id=sam.id)).status_code in (201, 422)
    assert select(product, "SELECT count(*) FROM offer") == [(0,)]
