"""A browser that runs no scripts: decline with a reason, the PIN after a missed call, stages and notes."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.pipeline.client import Client
from tests.support.browser.chromium import SIZES
from tests.support.browser.portal import sign_in_link
from tests.support.world.database import Database
from tests.support.world.network import AgentInTest, Network
from tests.support.world.product import Product
from tests.support.world.waiting import eventually


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport=SIZES["phone"], java_script_enabled=False)
    yield context.new_page()
    context.close()


def test_an_offer_is_declined_with_a_reason_and_the_decline_is_undone(
    page: Page, network: Network, sam: AgentInTest
) -> None:
    referral = network.refer(agent_id=sam.id)
    page.goto(sam.phone.gets_text().link)
    for _ in range(2):
        page.get_by_text("Decline Referral").click()
        page.get_by_role("button", name="Too far away").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("You're declining")
        page.get_by_role("button", name="Undo").click()
        expect(page.get_by_role("button", name="Call me to Claim Referral")).to_be_visible()
    assert network.offers(referral) == {sam.id: "sent"}


def test_after_a_missed_call_the_pin_claims(page: Page, network: Network, sam: AgentInTest) -> None:
    referral = network.refer(agent_id=sam.id)
    page.goto(sam.phone.gets_text().link)
    page.get_by_role("button", name="Call me to Claim Referral").click()
    sam.phone.rings().decline()
    again = page.get_by_role("button", name="Call me again")
    eventually(lambda: page.reload() and again.is_visible(), "Call me again")
    again.click()
    sam.phone.rings().decline()
    shown = page.locator(".pin [aria-hidden]")
    eventually(lambda: page.reload() and shown.is_visible(), "the PIN")
    sam.phone.calls_us().press(shown.inner_text().replace("\xa0", "").replace(" ", ""))
    eventually(lambda: network.offers(referral) == {sam.id: "claimed"}, "the claim")


def test_stages_are_moved_and_notes_are_kept(
    page: Page, network: Network, product: Product, database: Database, sam: AgentInTest
) -> None:
    client = Client(network, product, sam).claimed()
    page.goto(sign_in_link(product.url, database, sam.id))
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Maria Delgado").first.click()
    page.get_by_role("button", name="Met", exact=True).click()
    expect(page.locator(".stage.now")).to_have_text("Met")
    page.get_by_text("Back a step, or failed").click()
    page.locator("#other-stage").select_option("connected")
    page.locator("#reason").fill("Met the wrong Maria")
    page.get_by_role("button", name="Move it").click()
    expect(page.locator(".stage.now")).to_have_text("Connected")
    page.get_by_label("A new note").fill("Has a dog")
    page.get_by_role("button", name="Add note").click()
    expect(page.locator(".notes")).to_contain_text("Has a dog")
    assert page.url.startswith(product.url + client.path)
