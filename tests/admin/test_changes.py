"""Who changed what is kept with each change, and admins can read it."""

import re

import pytest

from tests.support.browser.browser import Visitor
from tests.support.browser.page import Page
from tests.support.world.commands import flask
from tests.support.world.database import Database
from tests.support.world.network import AgentInTest, Network
from tests.support.world.product import Product

BOSS = "boss@network.example"
CHANGES = "SELECT noun, via, account_id IS NOT NULL, api_key_id IS NOT NULL FROM change ORDER BY id"


@pytest.fixture
def admin(product: Product, network: Network) -> Visitor:
    """An admin, signed in."""
    return Visitor(product.url).signs_in(flask(product, "admins", "create", BOSS).strip())


def changes(admin: Visitor, agent: AgentInTest) -> list[str]:
    """The page's lines, newest first: what was changed, and by whom."""
    page = admin.get(f"/admin/agents/{agent.id}").text.partition('id="changes"')[2]
    lines = re.findall(r"</time><span>(.*?)</span></li>", page, re.DOTALL)
    return [" ".join(re.sub("<[^>]+>", "", line).split()) for line in lines]


def test_each_change_of_an_agent_says_what_was_changed_and_who_did_it(
    admin: Visitor, network: Network, product: Product, sam: AgentInTest
) -> None:
    form = {
        "name": "Sam Ortiz", "email": "sam@lakeline.example", "phone": "(512) 555-1888",
        "time_zone": "America/Denver", "takes": ["buyer"],
    }  # fmt: skip
    admin.post(f"/admin/agents/{sam.id}", **form)
    admin.post(f"/admin/agents/{sam.id}/pause")
    flask(product, "agents", "leave", "sam@lakeline.example")
    left, paused, *edited, added = changes(admin, sam)
    assert left == "Left the network. a command on the server"
    assert paused == f"Paused. {BOSS}"
    said = " ".join(edited)
    assert "to (512) 555-1888" in said
    assert "Time zone: America/Chicago to America/Denver" in said
    assert "Takes sellers: yes to no" in said
    assert f"Email: {sam.email} to sam@lakeline.example" in said
    assert said.count(BOSS) == len(edited)
    assert added.startswith("Added. ")
    assert added.endswith("(API key)")


def test_a_referral_that_was_sent_says_by_whom_and_what_becomes_of_it_is_no_change(
    admin: Visitor, network: Network, database: Database, sam: AgentInTest
) -> None:
    database.rows("DELETE FROM change RETURNING id")
    network.refer(agent_id=sam.id)
    assert database.rows(CHANGES) == [("referral", "api", False, True)]
    database.rows("DELETE FROM change RETURNING id")
    link = sam.phone.gets_text().link
    Page(link).press("decline", reason="price")
    assert database.rows(CHANGES) == []


def test_what_is_refused_leaves_no_trace(
    admin: Visitor, network: Network, database: Database, sam: AgentInTest
) -> None:
    before = database.rows(CHANGES)
    admin.post(f"/admin/agents/{sam.id}", name="", email="x", phone="1", time_zone="Mars", takes=["buyer"])
    assert database.rows(CHANGES) == before
    assert [noun for noun, *_ in before].count("account") == 2
