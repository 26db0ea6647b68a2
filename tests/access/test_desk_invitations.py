"""The desk invites too: into a team or onto one's own; whoever opens the link asks, and an admin lets them in."""

import re

import pytest
import requests

from tests.access.test_invitations import LEE
from tests.support.browser.browser import Visitor
from tests.support.browser.page import read_words
from tests.support.browser.sign_in import signed_in
from tests.support.carrier.carrier import Carrier
from tests.support.world.commands import flask
from tests.support.world.network import Network
from tests.support.world.product import Product
from tests.support.world.rows import select

BOSS = "boss@network.example"
PAGE = "/admin/agents/invite"


class Desk:
    """An admin's browser, and a stranger's."""

    def __init__(self, product: Product) -> None:
        self.product = product
        self.admin = Visitor(product.url).signs_in(flask(product, "admins", "create", BOSS).strip())
        self.stranger = Visitor(product.url)

    def link(self, team: str = "") -> str:
        """A new one, into this team or the network."""
        found = re.search(r'id="invite-link" readonly value="([^"]+)"', self.admin.post(PAGE, team=team).text)
        assert found is not None
        return found[1]

    def asks(self, link: str) -> requests.Response:
        return self.stranger.post(link, **LEE)

    def answers(self, what: str) -> requests.Response:
        """The admin's answer to the first who waits."""
        found = re.search(r"/admin/agents/requests/[0-9a-f-]+/", self.admin.get(PAGE).text)
        assert found is not None
        return self.admin.post(found[0] + what)

    @property
    def agents(self) -> list[tuple[str, str | None]]:
        query = "SELECT agent.name, team.name FROM agent LEFT JOIN team ON team.id = team_id ORDER BY agent.id"
        return [(name, team) for name, team in select(self.product, query)]


@pytest.fixture
def desk(network: Network, product: Product) -> Desk:
    return Desk(product)


def test_who_is_let_in_is_an_agent_on_their_own(desk: Desk, carrier: Carrier) -> None:
    link = desk.link()
    form = read_words(desk.stranger.get(link).text)
    assert "Dibs invites you" in form
    assert "Join Dibs" in form
    assert "Dibs has been told." in read_words(desk.asks(link).text)
    mail = carrier.inbox(BOSS).gets_mail("Lee Park would like to join the network")
    assert mail.link.endswith(PAGE)
    page = read_words(desk.admin.get(PAGE).text)
    assert "1 person asks to join" in page
    assert "lee@park.example" in page
    assert "on their own" in page
    assert desk.agents == []
    assert desk.answers("let-in").url.endswith("/edit"), "somebody has to say where they work"
    assert desk.agents == [("Lee Park", None)]
    carrier.inbox("lee@park.example").gets_mail("You are in: Dibs")


def test_a_link_into_a_team_and_its_leads_own_are_two(desk: Desk, network: Network, carrier: Carrier) -> None:
    team = network.add_team("Lakeline Homes")
    sam = network.add_agent("Sam Ortiz", team, lead=True)
    lead = signed_in(desk.product.url, sam)
    leads_own = re.search(r'id="invite-link" readonly value="([^"]+)"', lead.post("/team/invitation").text)
    assert leads_own is not None
    old, new = desk.link(team), desk.link(team)
    assert [desk.stranger.get(link).status_code for link in (leads_own[1], old, new)] == [200, 404, 200]
    assert "Join Lakeline Homes" in read_words(desk.stranger.get(new).text)
    desk.asks(new)
    carrier.inbox(BOSS).gets_mail("would like to join the network")
    assert sam.mailbox.mails("would like to join") == []
    referral = network.refer(team_id=team)
    desk.answers("let-in")
    assert desk.agents == [("Sam Ortiz", "Lakeline Homes"), ("Lee Park", "Lakeline Homes")]
    assert "Reply 1" in carrier.phone("+15125551999").gets_text("Seller in Austin").body
    assert len(network.offers(referral)) == 2
    assert "Lakeline" not in read_words(desk.admin.get(PAGE).text).split("A link to send")[0]


def test_who_is_turned_away_is_nobody(desk: Desk) -> None:
    desk.asks(desk.link())
    assert desk.answers("turn-away").ok
    desk.admin.post(f"{PAGE}/end")
    changes = read_words(desk.admin.get("/admin/network/changes").text)
    assert f"Request to join: Lee Park . Turned away. {BOSS}" in changes
    assert f"Invitation . Added. {BOSS}" in changes
    assert f"Invitation . Ended. {BOSS}" in changes
    assert "asks to join" not in read_words(desk.admin.get(PAGE).text)
    assert desk.agents == []


def test_a_link_ends_with_a_tap_and_with_its_admin(desk: Desk) -> None:
    ended = desk.link()
    desk.admin.post(f"{PAGE}/end")
    assert desk.stranger.get(ended).status_code == 404
    orphaned = desk.link()
    flask(desk.product, "admins", "remove", BOSS)
    assert desk.stranger.get(orphaned).status_code == 404


def test_a_viewer_sees_who_asks_and_has_no_link(desk: Desk, carrier: Carrier) -> None:
    link = desk.link()
    desk.asks(link)
    desk.admin.post("/admin/network/people", email="viewer@network.example", role="viewer")
    viewer = Visitor(desk.product.url).signs_in(carrier.inbox("viewer@network.example").gets_mail().link)
    page = viewer.get(PAGE).text
    assert "Lee Park" in page
    assert link not in page
    assert "Let them in" not in page
    assert viewer.post(PAGE).status_code == 403
