"""The link that stops mail about offers: opened, tapped, and posted by a mail provider for its own button."""

from typing import Literal
from uuid import UUID

import pytest
import requests
from playwright.sync_api import Browser

from app.config import load_settings
from app.core.database.ids import new_id
from app.core.tokens import Purpose, TokenSigner
from tests.support.browser.browser import Visitor
from tests.support.browser.chromium import picture, watched
from tests.support.world.network import AgentInTest, Network
from tests.support.world.product import Product
from tests.support.world.rows import select

ONE_CLICK = {"List-Unsubscribe": "One-Click"}
STOPPED = "No more emails about new referrals."


@pytest.fixture
def link(product: Product, sam: AgentInTest) -> str:
    return f"{product.url}/unsubscribe/{token(Purpose.UNSUBSCRIBE, UUID(sam.id))}"


def token(purpose: Purpose, row_id: UUID) -> str:
    return TokenSigner(load_settings({}).secret_keys).sign(purpose, row_id)


def off(product: Product) -> list[tuple[object, ...]]:
    return select(product, "SELECT agent_id::text, channel, off_reason FROM agent_channel WHERE off_at IS NOT NULL")


def test_the_link_in_a_mail_stops_mail_about_offers(network: Network, product: Product, sam: AgentInTest) -> None:
    network.refer(agent_id=sam.id)
    in_mail = sam.mailbox.gets_mail("Seller in Austin").text.rpartition("Stop these emails: ")[2].strip()
    visitor = Visitor(product.url)
    page = visitor.get(in_mail)
    assert "Stop emails about new referrals?" in page.text
    assert off(product) == []  # opening it changes nothing: mail scanners do
    answer = visitor.post(in_mail)
    assert STOPPED in answer.text
    assert 'href="/channels"' in answer.text
    assert off(product) == [(sam.id, "email", "unsubscribed")]


def test_opened_again_it_says_that_they_have_stopped(product: Product, link: str) -> None:
    visitor = Visitor(product.url)
    assert STOPPED in visitor.post(link).text
    assert STOPPED in visitor.get(link).text
    assert STOPPED in visitor.post(link).text
    assert len(off(product)) == 1


@pytest.mark.parametrize("form", ["urlencoded", "multipart"])
def test_a_mail_providers_own_button_stops_them_in_one_click(product: Product, link: str, form: str) -> None:
    """RFC 8058: no Origin, no Sec-Fetch-Site, no cookie, in either kind of form."""
    body = {"data": ONE_CLICK} if form == "urlencoded" else {"files": {"List-Unsubscribe": (None, "One-Click")}}
    answer = requests.post(link, timeout=10, **body)  # type: ignore[arg-type]
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert len(off(product)) == 1


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({}, {}),
        ({}, {"List-Unsubscribe": "Other"}),
        ({"Sec-Fetch-Site": "cross-site"}, ONE_CLICK),
        ({"Sec-Fetch-Site": "none"}, ONE_CLICK),
        ({"Origin": "https://elsewhere.example"}, ONE_CLICK),
        ({"Origin": "null"}, ONE_CLICK),
    ],
)
def test_any_other_post_from_elsewhere_is_refused(
    product: Product, link: str, headers: dict[str, str], body: dict[str, str]
) -> None:
    assert requests.post(link, data=body, headers=headers, timeout=10).status_code == 403
    assert off(product) == []


def test_one_click_opens_no_other_door(network: Network, product: Product, sam: AgentInTest) -> None:
    page = network.link(network.refer(agent_id=sam.id), sam)
    for address in (f"{page}/call", f"{product.url}/sign-in", f"{product.url}/sign-out"):
        assert requests.post(address, data=ONE_CLICK, timeout=10).status_code == 403


def test_a_link_of_another_purpose_or_of_nobody_is_none(network: Network, product: Product, sam: AgentInTest) -> None:
    for wrong in (token(Purpose.OFFER, UUID(sam.id)), token(Purpose.UNSUBSCRIBE, new_id()), "x" * 36):
        for ask in (requests.get, requests.post):
            answer = ask(f"{product.url}/unsubscribe/{wrong}", data=ONE_CLICK, timeout=10)
            assert answer.status_code == 404
    assert off(product) == []


def test_what_switched_it_off_first_is_what_is_remembered(product: Product, link: str) -> None:
    Visitor(product.url).post(link)
    first = select(product, "SELECT off_at FROM agent_channel")
    requests.post(link, data=ONE_CLICK, timeout=10)
    assert select(product, "SELECT off_at FROM agent_channel") == first


@pytest.mark.parametrize("size", ["phone", "desk"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_its_page_is_one_decision(browser: Browser, link: str, size: str, scheme: Literal["light", "dark"]) -> None:
    page, complaints = watched(browser, size)
    page.emulate_media(color_scheme=scheme)
    page.goto(link)
    picture(page, f"unsubscribe/ask-{size}-{scheme}")
    page.get_by_role("button").click()
    page.get_by_role("heading", name=STOPPED).wait_for()
    picture(page, f"unsubscribe/done-{size}-{scheme}")
    assert complaints == []
    page.context.close()
