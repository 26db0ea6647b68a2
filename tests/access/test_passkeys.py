"""Passkeys: added on the agent's own page, used instead of a mail, and good for nothing once removed."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import requests
from playwright.sync_api import Browser, CDPSession, Page, expect

from app.access.passkeys import NotAccepted, Passkeys, Purpose, Site
from app.core.database.ids import new_id
from app.core.sealed import Sealer
from tests.support.browser.portal import sign_in_link
from tests.support.world.database import Database
from tests.support.world.network import AgentInTest, Network
from tests.support.world.product import Product
from tests.support.world.rows import change, select

TOUCH_ID = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip
OPTIONS, SIGN_IN = "/sign-in/passkey/options", "/sign-in/passkey"


@pytest.fixture
def site(product: Product) -> Iterator[str]:
    """Passkeys belong to a name, and no test machine has any but this one."""
    url = product.url.replace("127.0.0.1", "localhost")
    with product.web_with(PUBLIC_URL=url):
        yield url


class Phone:
    """A browser on a device that asks for a finger, and whose owner always gives it."""

    def __init__(self, browser: Browser, site: str) -> None:
        self.site = site
        self.context = browser.new_context(viewport={"width": 390, "height": 844})
        self.page: Page = self.context.new_page()
        self.answers: list[str] = []
        self.page.on("request", self._note)
        self.devtools: CDPSession = self.context.new_cdp_session(self.page)
        self.devtools.send("WebAuthn.enable")
        added = self.devtools.send("WebAuthn.addVirtualAuthenticator", {"options": TOUCH_ID})
        self.authenticator = added["authenticatorId"]

    def _note(self, request: object) -> None:
        if getattr(request, "url", "").endswith(SIGN_IN):
            self.answers.append(getattr(request, "post_data", "") or "")

    def adds_a_passkey(self, database: Database, agent: AgentInTest) -> None:
        self.page.goto(sign_in_link(self.site, database, agent.id))
        self.page.get_by_role("button", name="Sign in").click()
        self.page.wait_for_url("**/referrals")
        self.page.goto(f"{self.site}/me")
        self.page.get_by_role("button", name="Add a passkey").click()
        expect(self.page.locator("#passkeys .browser")).to_have_count(1)
        expect(self.page.locator("#passkeys .browser")).to_contain_text("Chrome on Linux")

    def signs_out(self) -> None:
        self.page.locator("#browsers").get_by_role("button", name="Sign out", exact=True).click()
        self.page.wait_for_url("**/sign-in")

    def signs_in(self, path: str = "/sign-in") -> None:
        self.page.goto(self.site + path)
        self.page.get_by_role("button", name="Sign in with a passkey").click()


@pytest.fixture
def held(browser: Browser, site: str, database: Database, sam: AgentInTest) -> Iterator[Phone]:
    """Sam's phone, with a passkey that they have added."""
    made = Phone(browser, site)
    made.adds_a_passkey(database, sam)
    yield made
    made.context.close()


def test_a_passkey_signs_in_instead_of_a_mail(held: Phone, sam: AgentInTest) -> None:
    held.signs_out()
    held.signs_in("/sign-in?next=/figures")
    held.page.wait_for_url(f"{held.site}/figures")
    held.page.goto(f"{held.site}/me")
    expect(held.page.locator("#passkeys .browser")).to_contain_text("last used")
    assert sam.mailbox.mails() == []


def test_an_answer_counts_once(held: Phone, product: Product) -> None:
    held.signs_out()
    held.signs_in()
    held.page.wait_for_url("**/referrals")
    (answer,) = held.answers
    again = posted(held.site, answer)
    assert (again.status_code, again.json()) == (422, {"field": "answer"})
    assert "Set-Cookie" not in again.headers
    assert select(product, "SELECT count(*) FROM signed_in") == [(2,)]


@pytest.mark.parametrize(
    "spoiled",
    [
        "DELETE FROM passkey",
        "UPDATE account SET session_key = id",
        "UPDATE agent SET left_at = now(), paused_at = now()",
        "UPDATE passkey SET public_key = (SELECT decode(repeat('00', 77), 'hex'))",
    ],
    ids=["removed", "signed out everywhere", "left the network", "another key"],
)
def test_one_that_is_good_no_more_signs_nobody_in(held: Phone, product: Product, spoiled: str) -> None:
    held.signs_out()
    change(product, spoiled)
    held.signs_in()
    expect(held.page.get_by_text("That passkey didn't work. Sign in by email instead.")).to_be_visible()
    assert select(product, "SELECT count(*) FROM signed_in") == [(1,)]


def test_it_is_removed_on_their_page_and_a_device_makes_no_second_one(held: Phone, product: Product) -> None:
    held.page.get_by_role("button", name="Add a passkey").click()
    expect(held.page.get_by_text("Your device may have one already.")).to_be_visible()
    held.page.get_by_role("button", name="Remove").click()
    expect(held.page.locator("#passkeys .browser")).to_have_count(0)
    assert select(product, "SELECT count(*) FROM passkey") == [(0,)]


def test_a_finger_that_is_not_the_owners_is_no_passkey(held: Phone) -> None:
    held.signs_out()
    held.devtools.send("WebAuthn.setUserVerified", {"authenticatorId": held.authenticator, "isUserVerified": False})
    held.signs_in()
    expect(held.page.get_by_role("button", name="Sign in with a passkey")).to_be_enabled()
    assert held.page.url.endswith("/sign-in")
    assert held.answers == []


@pytest.mark.parametrize(
    "body",
    [
        "", "[]", "{}", "null", '{"answer": null}', '{"answer": 7}', '{"answer": "x"}', '{"answer": {}}',
        '{"answer": {"id": "AA", "rawId": "AA", "type": "public-key", "response": {}}}',
        json.dumps({"answer": {"id": "AA", "rawId": "AA", "type": "public-key", "response": {
            "clientDataJSON": "e30", "authenticatorData": "AA", "signature": "AA"}}}),
        '{"answer": {"id": "\\ud800", "rawId": "\\u0000", "type": [], "response": {"clientDataJSON": 1}}}',
    ],
)  # fmt: skip
def test_what_is_no_answer_is_refused_by_the_name_of_its_field(site: str, network: Network, body: str) -> None:
    answer = posted(site, body)
    assert (answer.status_code, answer.json()) == (422, {"field": "answer"})


def test_a_challenge_that_we_did_not_make_is_answered_in_vain(held: Phone) -> None:
    held.signs_out()
    held.page.route("**" + OPTIONS, lambda route: route.fulfill(json=altered(posted(held.site, "{}", OPTIONS))))
    held.signs_in()
    expect(held.page.get_by_text("That passkey didn't work.")).to_be_visible()


def test_a_challenge_is_answered_within_five_minutes_and_for_what_it_was_made() -> None:
    made_at, account = datetime(2026, 3, 2, 9, tzinfo=UTC), new_id()
    passkeys = Passkeys(Site("localhost", "http://localhost", "Dibs"), Sealer([b"k" * 32], timedelta(hours=4)))
    challenge = passkeys._challenge(Purpose.ADD, account, made_at)
    assert passkeys._opened(challenge, Purpose.ADD, account, made_at + timedelta(minutes=4)) == made_at
    for purpose, whose, at in (
        (Purpose.SIGN_IN, account, made_at),
        (Purpose.ADD, new_id(), made_at),
        (Purpose.ADD, account, made_at + timedelta(minutes=5)),
        (Purpose.ADD, account, made_at - timedelta(seconds=1)),
    ):
        with pytest.raises(NotAccepted):
            passkeys._opened(challenge, purpose, whose, at)


def posted(site: str, body: str, path: str = SIGN_IN) -> requests.Response:
    """From a script of our own pages."""
    headers = {"Content-Type": "application/json", "Origin": site}
    return requests.post(site + path, body, headers=headers, timeout=10)


def altered(answer: requests.Response) -> dict[str, object]:
    """Options whose challenge we did not make."""
    options: dict[str, object] = answer.json()
    return {**options, "challenge": str(options["challenge"])[:-8] + "AAAAAAAA"}


def test_where_a_site_has_no_name_nobody_is_offered_one(product: Product, network: Network) -> None:
    assert "passkey" not in requests.get(f"{product.url}/sign-in", timeout=10).text
    assert posted(product.url, "{}", OPTIONS).status_code == 404
