"""The admins' page of messages: every kind on every channel, by the same functions, and nothing is sent."""

import html
import re

import pytest
from playwright.sync_api import Browser

from app.notifications.channels.rules import Channel
from app.notifications.kinds import KINDS, Kind
from app.notifications.reach.notices import TEST
from app.notifications.wording.gsm7 import gsm7_length
from app.offers.notices import OFFER
from tests.support.browser.browser import Visitor
from tests.support.browser.chromium import picture, watched
from tests.support.carrier.carrier import Carrier
from tests.support.phone.words import by
from tests.support.world.commands import flask
from tests.support.world.network import Network
from tests.support.world.product import Product
from tests.support.world.rows import rows

HEADINGS = {
    Channel.SMS: "Text message",
    Channel.PUSH: "Notification",
    Channel.VOICE: "Read out by phone",
    Channel.EMAIL: "The same as text",
}


@pytest.fixture
def sign_in_link(product: Product, network: Network) -> str:
    return flask(product, "admins", "create", "boss@network.example").strip()


@pytest.fixture
def admin(product: Product, sign_in_link: str) -> Visitor:
    return Visitor(product.url).signs_in(sign_in_link)


def test_every_kind_has_a_title() -> None:
    assert all(kind.title and kind.when for kind in KINDS)
    assert len({kind.place for kind in KINDS}) == len(list(KINDS))


@pytest.mark.parametrize("names", ["typical", "longest"])
def test_every_kind_is_shown_on_each_of_its_channels_and_on_no_other(admin: Visitor, names: str) -> None:
    for kind in KINDS:
        page = admin.get(f"/admin/messages/{kind}?names={names}")
        assert page.status_code == 200
        headings = re.findall(r"<h3[^>]*>([^<]+)</h3>", page.text)
        assert {channel for channel, heading in HEADINGS.items() if heading in headings} == set(kind.channels)


def test_the_desk_leads_there(admin: Visitor) -> None:
    assert 'href="/admin/messages"' in admin.get("/admin/").text
    assert "New referral" in admin.get("/admin/messages").text


@pytest.mark.parametrize("kind", by(Channel.SMS), ids=str)
def test_a_text_is_shown_with_its_length_and_segments(admin: Visitor, kind: Kind) -> None:
    page = admin.get(f"/admin/messages/{kind}?names=longest").text
    found = re.search(r'<p class="bubble">(.*?)</p>', page, re.DOTALL)
    assert found is not None
    assert f"<b>{gsm7_length(html.unescape(found[1]))}</b> of 160 characters, 1 segment<" in page


@pytest.mark.parametrize("kind", by(Channel.EMAIL), ids=str)
def test_a_mail_is_a_page_of_its_own_that_can_do_nothing(admin: Visitor, kind: Kind) -> None:
    mail = admin.get(f"/admin/messages/{kind}/mail")
    policy = mail.headers["Content-Security-Policy"].split("; ")
    assert {"default-src 'none'", "style-src 'unsafe-inline'", "sandbox", "frame-ancestors 'self'"} <= set(policy)
    assert mail.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert mail.headers["Cache-Control"] == "no-store"
    assert mail.text.startswith("<!doctype html>")


def test_the_headers_of_a_mail_are_shown(admin: Visitor) -> None:
    page = html.unescape(admin.get("/admin/messages/offer").text)
    assert "<b>Seller in Austin, 78704, about $600k</b>" in page
    assert "Dibs <referrals@dibs.example>" in page
    assert "/unsubscribe/" in page.split("List-Unsubscribe")[1][:200]
    assert "List-Unsubscribe" not in admin.get("/admin/messages/details").text


def test_each_can_be_read_in_either_language(admin: Visitor) -> None:
    spanish = html.unescape(admin.get("/admin/messages/offer?language=es").text)
    assert "<b>Vendedor en Austin, 78704, unos $600 mil</b>" in spanish
    assert "Responde 1 y te llamamos, 2 si no" in spanish
    assert "Abrir para reclamar" in admin.get("/admin/messages/offer/mail?language=es").text
    assert "New referral" in spanish  # the page around it is the desk's
    assert "Reply 1 for a call" in html.unescape(admin.get("/admin/messages/offer?language=tlh").text)


def test_what_is_not_there_is_missing_and_odd_choices_are_the_usual_ones(admin: Visitor) -> None:
    assert admin.get("/admin/messages/nothing").status_code == 404
    assert admin.get("/admin/messages/number_code/mail").status_code == 404
    assert admin.get("/admin/messages/offer?names=%00&look=pink").status_code == 200


def test_only_admins_see_it(network: Network, product: Product) -> None:
    sam = network.add_agent("Sam Ortiz")
    visitor = Visitor(product.url)
    visitor.post("/sign-in", email=sam.email)
    visitor.signs_in(sam.mailbox.gets_mail("sign-in link").link)
    assert visitor.get("/admin/messages/offer").status_code == 404
    assert visitor.get("/admin/messages/offer/mail").status_code == 404


def test_nothing_is_sent_or_written_by_looking(admin: Visitor, product: Product, carrier: Carrier) -> None:
    before = rows(product)
    for kind in KINDS:
        admin.get(f"/admin/messages/{kind}")
    assert rows(product) == before
    assert carrier.state()["mails"] == carrier.state()["messages"] == []


@pytest.mark.parametrize("size", ["phone", "desk"])
@pytest.mark.parametrize("look", ["light", "dark", "inverted"])
def test_it_is_shown_as_each_program_shows_it(browser: Browser, product: Product, sign_in_link: str, size: str,
                                              look: str) -> None:  # fmt: skip
    page, complaints = watched(browser, size)
    page.emulate_media(color_scheme="dark" if look == "dark" else "light")
    page.goto(sign_in_link)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/admin/")
    page.goto(f"{product.url}/admin/messages")
    for kind, names in ((OFFER, "typical"), (OFFER, "longest"), (TEST, "typical")):
        page.goto(f"{product.url}/admin/messages/{kind}?names={names}&look={look}")
        mail = page.frame_locator("iframe")
        ground = mail.locator("body").evaluate("body => getComputedStyle(body).backgroundColor")
        assert ground == ("rgb(14, 20, 17)" if look == "dark" else "rgb(250, 249, 245)")
        assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]  # type: ignore[index]
        picture(page, f"messages/{kind}-{names}-{size}-{look}")
        picture(page.locator(".stage"), f"messages/{kind}-{names}-{size}-{look}-stage")
    page.goto(f"{product.url}/admin/messages/number_code?look={look}")
    picture(page, f"messages/number_code-{size}-{look}")
    assert complaints == []
    page.context.close()
