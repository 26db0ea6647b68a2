"""A team's lead invites by a link; who opens it asks to join, and is an agent once the lead says so."""

import re
from urllib.parse import quote

import pytest
import requests
from playwright.sync_api import Browser

from tests.support.browser.browser import Visitor
from tests.support.browser.page import read_words
from tests.support.browser.sign_in import signed_in
from tests.support.carrier.carrier import Carrier
from tests.support.world.network import Network
from tests.support.world.product import Product
from tests.support.world.rows import change, select

LEE = {
    "name": "Lee Park", "email": "lee@park.example", "phone": "(512) 555-1999", "time_zone": "America/Chicago",
    "takes": ["buyer", "seller"], "consent": "yes",
}  # fmt: skip


class Team:
    """Lakeline, which Sam leads; their browser, and a stranger's."""

    def __init__(self, network: Network, product: Product) -> None:
        self.id = network.add_team("Lakeline Homes")
        self.network, self.product = network, product
        self.sam = network.add_agent("Sam Ortiz", self.id, lead=True)
        self.lead, self.stranger = signed_in(product.url, self.sam), Visitor(product.url)

    @property
    def words(self) -> str:
        return read_words(self.lead.get("/team").text)

    def link(self) -> str:
        """A new one."""
        page = self.lead.post("/team/invitation").text
        found = re.search(r'id="invite-link" readonly value="([^"]+)"', page)
        assert found is not None, page
        return found[1]

    def asks(self, link: str, **other: object) -> requests.Response:
        return self.stranger.post(link, **{**LEE, **other})

    def answers(self, what: str) -> requests.Response:
        """The lead's answer to the first who waits."""
        found = re.search(r"/team/requests/[0-9a-f-]+/", self.lead.get("/team").text)
        assert found is not None
        return self.lead.post(found[0] + what)


@pytest.fixture
def team(network: Network, product: Product) -> Team:
    return Team(network, product)


def test_who_is_let_in_is_an_agent_and_gets_what_is_open(team: Team, network: Network, carrier: Carrier) -> None:
    referral = network.refer(team_id=team.id)
    link = team.link()
    form = read_words(team.stranger.get(link).text)
    assert "Sam Ortiz invites you" in form
    assert "Join Lakeline Homes" in form
    assert "Sam has been told." in read_words(team.asks(link).text)
    assert set(network.offers(referral)) == {team.sam.id}
    mail = team.sam.mailbox.gets_mail("Lee Park would like to join your team")
    assert mail.link.endswith("/team")
    assert "1 person asks to join" in team.words
    assert "(512) 555-1999" in team.words
    team.answers("let-in")
    lee = carrier.phone("+15125551999")
    assert "Reply 1" in lee.gets_text("Seller in Austin").body
    assert len(network.offers(referral)) == 2
    joined = carrier.inbox("lee@park.example").gets_mail("You are in: Lakeline Homes")
    assert "/channels" in joined.link
    assert "Lee Park" in team.words
    assert "asks to join" not in team.words
    ((source,),) = select(team.product, "SELECT sms_consent_source FROM agent WHERE name = 'Lee Park'")
    assert source == "join form"


def test_who_is_turned_away_is_nobody(team: Team) -> None:
    team.asks(team.link())
    team.answers("turn-away")
    assert "asks to join" not in team.words
    assert select(team.product, "SELECT count(*) FROM agent") == [(1,)]
    assert team.lead.post("/team/requests/01a2204a-9321-75cd-b200-08de20c39ff2/let-in").ok


def test_asked_twice_the_newer_words_count_and_the_lead_is_told_once(team: Team) -> None:
    link = team.link()
    team.asks(link)
    team.sam.mailbox.gets_mail("would like to join")
    team.asks(link, name="Lee H. Park", takes="buyer")
    assert "1 person asks to join" in team.words
    assert "Lee H. Park" in team.words
    assert len(team.sam.mailbox.mails("would like to join")) == 1
    team.answers("let-in")
    assert select(team.product, "SELECT takes_buyers, takes_sellers FROM agent WHERE name = 'Lee H. Park'") == [
        (True, False)
    ]


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("name", "", "This is needed."),
        ("email", "lee", "This is not an email address."),
        ("email", "SAM", "already"),
        ("phone", "12", "This cannot be a phone number."),
        ("phone", "SAM", "already"),
        ("time_zone", "Mars/Olympus", "This is not a time zone"),
        ("takes", [], "Give buyer, seller, or both."),
        ("consent", "", "without your consent there are none"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(team: Team, field: str, value: object, says: str) -> None:
    value = {"email": team.sam.email, "phone": team.sam.phone.number}[field] if value == "SAM" else value
    answer = team.asks(team.link(), **{field: value})
    assert answer.status_code == 422
    assert says in read_words(answer.text)
    assert select(team.product, "SELECT count(*) FROM join_request") == [(0,)]


@pytest.mark.parametrize(
    "ended",
    [
        "UPDATE invitation SET ended_at = now()",
        "UPDATE invitation SET expires_at = now()",
        "UPDATE agent SET is_lead = false",
        "UPDATE agent SET left_at = now(), paused_at = now()",
    ],
    ids=["ended", "a week old", "of somebody who leads no more", "of somebody who has left"],
)
def test_a_link_that_is_good_no_more_reads_like_one_that_never_was(team: Team, ended: str) -> None:
    link = team.link()
    change(team.product, ended)
    answer = team.stranger.get(link)
    assert answer.status_code == 404
    assert "This link doesn't work any more." in read_words(answer.text)
    assert team.asks(link).status_code == 404


def test_a_new_link_ends_the_old_one_and_a_lead_can_have_none(team: Team) -> None:
    old, new = team.link(), team.link()
    assert (team.stranger.get(old).status_code, team.stranger.get(new).status_code) == (404, 200)
    team.lead.post("/team/invitation/end")
    assert team.stranger.get(new).status_code == 404
    assert "Make a link" in team.words


def test_a_full_team_takes_nobody(team: Team, network: Network) -> None:
    for n in range(9):
        network.add_agent(f"Member {n}", team.id)
    team.asks(team.link())
    answer = team.answers("let-in")
    assert answer.status_code == 422
    assert "A team has 10 members at most." in read_words(answer.text)
    assert "1 person asks to join" in team.words


def test_only_leads_invite_and_answer_and_only_for_their_own_team(
    team: Team, network: Network, product: Product
) -> None:
    team.asks(team.link())
    priya = network.add_agent("Priya Raman", team.id)
    rival = network.add_agent("Rita Vance", network.add_team("Rivals"), lead=True)
    path = re.search(r"/team/requests/[0-9a-f-]+/", team.lead.get("/team").text)
    assert path is not None
    assert signed_in(product.url, priya).post("/team/invitation").status_code == 404
    assert signed_in(product.url, rival).post(path[0] + "let-in").ok  # theirs to decide: nothing
    assert select(product, "SELECT count(*) FROM agent WHERE name = 'Lee Park'") == [(0,)]
    assert "1 person asks to join" in team.words


def test_it_goes_by_mail_by_text_and_by_a_code_to_scan(team: Team) -> None:
    link = team.link()
    page = team.lead.get("/team").text
    (mail,), (text,) = re.findall(r'href="(mailto:[^"]+)"', page), re.findall(r'href="(sms:[^"]+)"', page)
    for address in (mail, text):
        assert quote(link, safe="") in address
    assert "Join%20Lakeline%20Homes%20on%20Dibs" in mail
    assert re.search(r'<svg[^>]* class="qr"', page)


def test_the_form_knows_the_time_zone_of_whoever_opens_it_and_speaks_their_language(
    team: Team, browser: Browser
) -> None:
    context = browser.new_context(locale="es-US", timezone_id="America/Denver", viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(team.link())
    assert page.get_by_role("heading", level=1).inner_text() == "Únete a Lakeline Homes"
    assert page.locator("#time_zone").input_value() == "America/Denver"
    for field in ("name", "email", "phone"):
        page.locator(f"#{field}").fill(str(LEE[field]))
    page.locator("[name=consent]").check()
    page.get_by_role("button", name="Pedir entrar").click()
    page.get_by_text("Ya avisamos a Sam.").wait_for()
    team.answers("let-in")
    found = select(team.product, "SELECT language, time_zone FROM agent WHERE name = 'Lee Park'")
    assert found == [("es", "America/Denver")]
    context.close()
