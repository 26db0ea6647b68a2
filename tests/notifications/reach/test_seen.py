"""A channel that died is seen: by the agent wherever they come by, and by the admins."""

import pytest
import requests

from tests.support.browser.browser import Visitor
from tests.support.browser.page import Page
from tests.support.browser.portal import Portal
from tests.support.world.commands import flask
from tests.support.world.database import Database
from tests.support.world.network import AgentInTest, Network
from tests.support.world.product import Product

pytestmark = pytest.mark.usefixtures("nothing_delivered")
FORM = {"name": "Sam Ortiz", "time_zone": "America/Chicago", "takes": ["buyer", "seller"]}


@pytest.fixture
def admin(product: Product, network: Network) -> Visitor:
    return Visitor(product.url).signs_in(flask(product, "admins", "create", "boss@network.example").strip())


def test_on_every_page_of_the_portal_until_it_is_on_again(
    portal: Portal, network: Network, sam: AgentInTest, database: Database
) -> None:
    referral = network.refer(agent_id=sam.id)
    assert " off." not in portal.visitor.get("/referrals").text
    portal.loses("sms", "stopped")
    assert "Texts are off." in portal.visitor.get("/referrals").text
    portal.loses("email", "bounced")
    assert "Email and texts are off." in portal.visitor.get("/referrals").text
    assert "Email and texts are off." in Page(network.link(referral, sam)).words
    database.rows("DELETE FROM agent_channel RETURNING agent_id")
    assert " off." not in portal.visitor.get("/referrals").text
    assert " off." not in Page(network.link(referral, sam)).words


def test_on_the_claim_page_of_that_agent_alone(network: Network, product: Product, database: Database) -> None:
    team = network.add_team()
    priya, dale = network.add_agent("Priya Raman", team), network.add_agent("Dale Whitcomb", team)
    referral = network.refer(team_id=team)
    Portal(product.url, database, priya).loses("push", "gone")
    assert "Push is off. See why" in Page(network.link(referral, priya)).words
    assert " off." not in Page(network.link(referral, dale)).words


def test_an_open_claim_page_does_not_ask_for_it(portal: Portal, network: Network, sam: AgentInTest) -> None:
    link = network.link(network.refer(agent_id=sam.id), sam)
    tag = requests.get(f"{link}/panel", timeout=10).headers["HX-PTag"]
    portal.loses("sms", "stopped")
    assert requests.get(f"{link}/panel", headers={"HX-PTag": tag}, timeout=10).status_code == 304
    assert "Texts are off." in requests.get(f"{link}/panel", timeout=10).text


def test_the_admins_see_reason_code_and_date(portal: Portal, admin: Visitor, sam: AgentInTest) -> None:
    portal.loses("sms", "no_such_number", "30005")
    portal.has_push_on("Chrome on Android")
    for path in ("/admin/agents", f"/admin/agents/{sam.id}"):
        page = " ".join(admin.get(path).text.split())
        assert "Texts: no such number, " in page
        assert "(30005)" in page
        assert 'class="mark off">Texts' in page
        assert 'class="mark on">Email' in page
        assert 'class="mark on">Push' in page


def test_the_admins_see_what_is_not_wanted_and_who_has_checked(
    portal: Portal, admin: Visitor, sam: AgentInTest
) -> None:
    portal.visitor.post("/channels/email/preference")
    page = admin.get(f"/admin/agents/{sam.id}").text
    assert "Email: not wanted" in page
    assert "Push: no device" in page
    assert "They have not checked yet" in page
    portal.visitor.post("/channels/done")
    assert "They last checked on" in admin.get(f"/admin/agents/{sam.id}").text


@pytest.mark.parametrize("changed", ["email", "phone", "neither"])
def test_a_new_address_or_number_starts_clean(portal: Portal, admin: Visitor, sam: AgentInTest, changed: str) -> None:
    portal.loses("sms", "stopped", "21610").loses("email", "bounced", "550")
    email = "sam.new@agents.example" if changed == "email" else sam.email
    phone = "+15125558888" if changed == "phone" else sam.phone.number
    assert admin.post(f"/admin/agents/{sam.id}", **FORM, email=email, phone=phone).ok
    assert portal.state("email") == (True, None if changed == "email" else "bounced")
    assert portal.state("sms") == (True, None if changed == "phone" else "stopped")
