"""A client changes hands: given back to the network, or handed over to a teammate, who accepts or says no."""

from collections.abc import Iterator

import pytest

from tests.pipeline.client import Client
from tests.support.browser.browser import Visitor
from tests.support.browser.page import Page, read_words
from tests.support.browser.sign_in import signed_in
from tests.support.carrier.carrier import Carrier
from tests.support.world.commands import flask
from tests.support.world.network import AgentInTest, Network
from tests.support.world.product import Product
from tests.support.world.rows import select


class Team:
    """Sam and Priya; Sam has claimed Maria."""

    def __init__(self, network: Network, product: Product) -> None:
        self.network, self.product = network, product
        team_id = network.add_team()
        self.sam, self.priya = network.add_agent("Sam Ortiz", team_id), network.add_agent("Priya Raman", team_id)
        self.maria = Client(network, product, self.sam, team_id=team_id)
        self.priya.phone.gets_text("Reply 1")
        self.priyas = signed_in(product.url, self.priya)
        self.maria.claimed()
        self.priya.phone.gets_text("was first")

    def asks_priya(self) -> None:
        assert self.maria.does("hand-over", to=self.priya.id, say="They look near your office.") == 200
        self.priya.phone.gets_text("hands you a client")

    @property
    def owners(self) -> list[tuple[str, str | None]]:
        """Everybody who has had her, and how that ended."""
        query = "SELECT name, ended_how FROM claim JOIN agent ON agent.id = claim.agent_id ORDER BY claim.id"
        return [(name, how) for name, how in select(self.product, query)]


@pytest.fixture
def team(network: Network, product: Product) -> Iterator[Team]:
    return Team(network, product)  # type: ignore[return-value]


def test_a_teammate_who_accepts_has_her_from_then_on(team: Team) -> None:
    team.maria.does("stage", stage="meeting")
    team.asks_priya()
    assert "Sam would like you to take over: Seller in Austin" in read_words(team.priyas.get("/referrals").text)
    question = read_words(team.priyas.get(team.maria.path).text)
    assert "Sam would like you to take over a client" in question
    assert "Delgado" not in question
    assert "Priya has been asked to take Maria over." in team.maria.words
    page = team.priyas.post(f"{team.maria.path}/take-over")
    assert "Maria Delgado" in page.text
    words = read_words(page.text)
    assert "Sam Ortiz asked you to take it over" in words
    assert "You took it over" in words
    assert team.maria.stage == "meeting"
    sees = team.maria.words
    assert "Priya has this client now." in sees
    assert "Delgado" not in sees
    assert team.owners == [("Sam Ortiz", "handed_over"), ("Priya Raman", None)]
    team.sam.phone.gets_text("Priya has taken over Maria")
    team.priya.mailbox.gets_mail("Maria Delgado")
    assert team.maria.page.phase == "withdrawn"


def test_her_page_and_her_calls_follow_the_new_agent(team: Team) -> None:
    team.asks_priya()
    team.priyas.post(f"{team.maria.path}/take-over")
    assert "Priya" in team.network.client_page(team.maria.referral).words
    call = team.network.client_phone(team.maria.referral).calls_us()
    team.priya.phone.rings().hang_up()
    call.hang_up()


def test_a_teammate_who_says_no_leaves_her_where_she_is(team: Team) -> None:
    team.asks_priya()
    team.priyas.post(f"{team.maria.path}/refuse")
    team.sam.phone.gets_text("Priya can't take over Maria")
    assert "Priya Raman said no" in team.maria.words
    assert team.owners == [("Sam Ortiz", None)]
    assert team.priyas.post(f"{team.maria.path}/take-over").status_code == 404


def test_a_question_can_be_taken_back(team: Team) -> None:
    team.asks_priya()
    team.maria.does("keep")
    assert team.priyas.post(f"{team.maria.path}/take-over").status_code == 404
    assert team.priyas.get(team.maria.path).status_code == 404
    assert team.owners == [("Sam Ortiz", None)]


def test_only_a_teammate_who_is_not_paused_can_be_asked(team: Team, network: Network) -> None:
    stranger = network.add_agent("Lee Park")
    for to in (stranger.id, team.sam.id, "nobody", ""):
        team.maria.is_refused("hand-over", to=to)
    assert select(team.product, "SELECT count(*) FROM handover") == [(0,)]


def test_a_client_who_is_given_back_goes_to_the_team_at_once(team: Team, carrier: Carrier) -> None:
    flask(team.product, "admins", "create", "boss@network.example")
    assert "This is needed." in team.maria.is_refused("release")
    assert team.maria.does("release", why="I am away from tomorrow.") == 200
    assert team.network.referral(team.maria.referral["id"])["status"] == "open"
    mail = carrier.inbox("boss@network.example").gets_mail("Given back")
    assert "I am away from tomorrow." in mail.text
    assert "1 other agent" in mail.text
    offers = team.network.referral(team.maria.referral["id"])["offers"]
    assert [(offer["wave"], offer["status"]) for offer in offers] == [(1, "withdrawn"), (1, "lost"), (2, "sent")]
    page = Page(team.priya.phone.gets_text("Reply 1").link)
    page.press("call")
    team.priya.phone.rings().answer().press("1").hears("It's yours").hang_up()
    assert team.owners == [("Sam Ortiz", "released"), ("Priya Raman", None)]
    assert read_words(team.priyas.get(team.maria.path).text).count("gave it back") == 1
    assert "You gave this client back." in team.maria.words


def test_the_client_hears_who_their_new_agent_is(team: Team, carrier: Carrier) -> None:
    inbox = carrier.inbox("maria@mail.example")
    inbox.gets_mail("Sam is your agent")
    team.asks_priya()
    team.priyas.post(f"{team.maria.path}/take-over")
    inbox.gets_mail("Priya is your agent")


def test_a_client_whom_nobody_else_can_have_waits_for_the_admins(
    network: Network, product: Product, carrier: Carrier, sam: AgentInTest
) -> None:
    flask(product, "admins", "create", "boss@network.example")
    maria = Client(network, product, sam).claimed()
    maria.does("release", why="Not my area.")
    assert "It waits for you." in carrier.inbox("boss@network.example").gets_mail("Given back").text
    admin = Visitor(product.url)
    admin.signs_in(flask(product, "admins", "create", "boss@network.example").strip())
    desk = read_words(admin.get(f"/admin{maria.path}").text)
    assert 'Sam Ortiz gave it back ("Not my area.")' in desk
    assert "nobody has it" in read_words(admin.get("/admin/").text)
    assert "Sam" not in network.client_page(maria.referral).words


def test_nobody_is_given_away_while_they_talk(team: Team) -> None:
    team.maria.visitor.post(f"{team.maria.path}/call")
    team.sam.phone.rings().answer().press("1")
    phone = team.network.client_phone(team.maria.referral).rings().answer()
    team.maria.page.becomes("connected")
    assert "on the line" in team.maria.is_refused("release", why="Bye.")
    assert "on the line" in team.maria.is_refused("hand-over", to=team.priya.id)
    phone.hang_up()
    team.sam.phone.hang_up().is_over()
    assert team.owners == [("Sam Ortiz", None)]
