"""The desk's second factor: an authenticator app, a passkey, or a recovery code beside the mailed link."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, expect
from pyotp import TOTP

from tests.access.test_passkeys import Phone, site
from tests.support.browser.browser import Visitor, hidden
from tests.support.browser.page import read_words
from tests.support.world.commands import flask
from tests.support.world.network import AgentInTest, Network
from tests.support.world.product import Product
from tests.support.world.rows import select

__all__ = ["site"]
PAGE, APP = "/admin/second-factor", "/admin/second-factor/app"
BOSS = "boss@network.example"


def by_mail(product: Product) -> Visitor:
    """The admin in a new browser, by a link as it is mailed."""
    return Visitor(product.url).signs_in(flask(product, "admins", "create", BOSS).strip())


def scanned(page: str) -> TOTP:
    """The app, once it has read the picture, or what is to be typed instead of it."""
    found = re.search(r'class="key">([A-Z2-7 ]+)<', page)
    assert found is not None
    return TOTP(found[1].replace(" ", ""))


def shown(app: TOTP, *, later: int = 0) -> str:
    """What the app shows now, or so many steps later, which is soon enough to count."""
    return app.at(datetime.now(UTC) + timedelta(seconds=30 * later))


class Admin:
    """An admin who has set up an app, and kept their recovery codes."""

    def __init__(self, product: Product) -> None:
        self.product, self.visitor = product, by_mail(product)
        page = self.visitor.get(PAGE).text
        self.app = scanned(page)
        kept = self.visitor.post(APP, secret=hidden(page, "secret"), code=shown(self.app)).text
        self.codes = re.findall(r"<code>([a-z0-9]{5}-[a-z0-9]{5})</code>", kept)


@pytest.fixture
def admin(product: Product, network: Network) -> Admin:
    return Admin(product)


def test_the_desk_of_a_network_opens_only_to_a_second_factor(product: Product, network: Network) -> None:
    with product.web_with(ADMINS_SECOND_FACTOR="yes"):
        visitor = by_mail(product)
        page = visitor.get("/admin/").text
        assert "Set up a second factor" in page
        wrong = visitor.post(APP, secret=hidden(page, "secret"), code="000000")
        assert (wrong.status_code, "That code doesn't work" in read_words(wrong.text)) == (422, True)
        app = scanned(wrong.text)
        kept = visitor.post(APP, secret=hidden(wrong.text, "secret"), code=shown(app), next="/admin/agents")
        assert "Keep these codes" in kept.text
        assert 'href="/admin/agents"' in kept.text
        assert "Referrals" in read_words(visitor.get("/admin/").text)
        assert "Show that it" in by_mail(product).get("/admin/").text


def test_an_admin_who_has_set_one_up_is_asked_for_it_and_taken_where_they_were_going(
    admin: Admin, product: Product
) -> None:
    visitor = by_mail(product)
    page = visitor.get("/admin/agents").text
    assert "Show that it" in page
    assert visitor.get("/admin/list", **{"HX-Request": "true"}).headers["HX-Redirect"].startswith(PAGE)
    answer = visitor.post(PAGE, code=shown(admin.app, later=1), next=hidden(page, "next"))
    assert answer.url.endswith("/admin/agents")
    assert "Agents" in read_words(answer.text)


def test_a_code_counts_once_and_so_does_a_recovery_code(admin: Admin, product: Product) -> None:
    assert len(admin.codes) == 10
    code = shown(admin.app, later=1)
    assert by_mail(product).post(PAGE, code=code).status_code == 200
    assert by_mail(product).post(PAGE, code=code).status_code == 422
    assert by_mail(product).post(PAGE, code=admin.codes[3].upper()).status_code == 200
    assert by_mail(product).post(PAGE, code=admin.codes[3]).status_code == 422


def test_new_recovery_codes_void_those_before(admin: Admin, product: Product) -> None:
    page = admin.visitor.post("/admin/second-factor/codes").text
    fresh = re.findall(r"<code>([a-z0-9-]{11})</code>", page)
    assert by_mail(product).post(PAGE, code=admin.codes[0]).status_code == 422
    assert by_mail(product).post(PAGE, code=fresh[0]).status_code == 200
    assert "9 left" in read_words(admin.visitor.get("/admin/network/people").text)


def test_neither_secret_nor_codes_can_be_read_from_the_database(admin: Admin, product: Product) -> None:
    ((secret,),) = select(product, "SELECT secret FROM authenticator")
    assert admin.app.secret not in secret
    hashes = {bytes(found) for (found,) in select(product, "SELECT code_hash FROM recovery_code")}
    assert len(hashes) == 10
    assert not any(code.encode() in found for code in admin.codes for found in hashes)


def test_the_mailed_link_alone_neither_replaces_the_app_nor_makes_a_key(admin: Admin, product: Product) -> None:
    thief = by_mail(product)
    page = thief.get(PAGE).text
    assert "secret" not in page
    mine = hidden(by_mail_of_another(product).get(PAGE).text, "secret")
    assert thief.post(APP, secret=mine, code="123456").status_code == 403
    with product.web_with(PUBLIC_URL=product.url.replace("127.0.0.1", "localhost")):
        assert thief.send("POST", "/me/passkeys/options", {}).status_code == 403
    assert thief.post("/admin/second-factor/codes").url.endswith("next=/admin/second-factor/codes")
    assert thief.post("/admin/second-factor/app/remove").url.endswith("next=/admin/second-factor/app/remove")
    assert select(product, "SELECT count(*) FROM authenticator") == [(1,)]


def by_mail_of_another(product: Product) -> Visitor:
    return Visitor(product.url).signs_in(flask(product, "admins", "create", "other@network.example").strip())


def test_guessing_ends_after_a_dozen_tries(admin: Admin, product: Product) -> None:
    visitor = by_mail(product)
    assert {visitor.post(PAGE, code=f"{guess:06}").status_code for guess in range(12)} == {422}
    too_many = visitor.post(PAGE, code=shown(admin.app, later=1))
    assert (too_many.status_code, "too many wrong codes" in too_many.text) == (429, True)


def test_an_admin_who_has_lost_everything_starts_over_with_an_operator_s_help(admin: Admin, product: Product) -> None:
    flask(product, "admins", "forget-second-factor", BOSS)
    assert "Sign in" in read_words(admin.visitor.get("/admin/").text)
    assert "Referrals" in read_words(by_mail(product).get("/admin/").text)
    assert select(product, "SELECT (SELECT count(*) FROM authenticator), (SELECT count(*) FROM recovery_code)") == [
        (0, 0)
    ]


def test_an_agent_s_pages_ask_for_none(admin: Admin, network: Network, sam: AgentInTest) -> None:
    assert admin.visitor.get("/admin/").ok
    assert network.refer(agent_id=sam.id)["status"] == "open"


def test_a_passkey_opens_the_desk_by_itself(browser: Browser, site: str, product: Product, network: Network) -> None:
    held = Phone(browser, site)
    with product.web_with(ADMINS_SECOND_FACTOR="yes", PUBLIC_URL=site):
        held.page.goto(flask(product, "admins", "create", BOSS).strip().replace(product.url, site))
        held.page.get_by_role("button", name="Sign in").click()
        held.page.get_by_role("button", name="Add a passkey").click()
        held.page.wait_for_url("**/admin/network/people")
        expect(held.page.get_by_role("main")).to_contain_text("Chrome on Linux")
        held.page.get_by_role("button", name="Sign out").click()
        held.page.wait_for_url("**/sign-in")
        held.signs_in("/sign-in?next=/admin/agents")
        held.page.wait_for_url(f"{site}/admin/agents")  # the sign-in page's address ends like this, too
        expect(held.page.get_by_role("heading", level=1)).to_have_text("Agents")
    held.context.close()
