"""Signing out takes the push messages of this browser along."""

import re

from playwright.sync_api import Browser, expect

from tests.support.browser.browser import Visitor
from tests.support.browser.sign_in import sign_in_link
from tests.support.browser.subscriptions import Rows, endpoint, rows, subscribes
from tests.support.world.network import AgentInTest
from tests.support.world.product import Product
from tests.web.pwa.conftest import HandOut

NOTHING_KEPT = """
    const refused = () => { throw new DOMException("refused", "SecurityError"); };
    Object.defineProperty(window, "localStorage", { get: refused });
"""


def test_signing_out_ends_this_browsers_subscription_alone(
    sam: AgentInTest, visitor: Visitor, device: HandOut, product: Product, connection: Rows
) -> None:
    subscribes(visitor, endpoint(product, "at-her-desk"))
    phone = device(sam)
    phone.turns_push_on()
    phone.page.get_by_role("link", name="Me").click()
    phone.page.get_by_role("button", name="Sign out", exact=True).click()
    phone.page.wait_for_url("**/sign-in")
    assert [(address, reason) for address, _, reason in rows(connection)] == [
        (endpoint(product, "at-her-desk"), None), (f"{phone.endpoint}-1", "signed_out"),
    ]  # fmt: skip
    assert phone.page.evaluate("localStorage.getItem('test-push-service')") is None
    phone.signs_in(sam)
    expect(phone.page.locator("[data-push-notice]")).to_be_visible()


def test_signing_out_without_scripts_ends_it_as_well(visitor: Visitor, product: Product, connection: Rows) -> None:
    subscribes(visitor, endpoint(product))
    visitor.post("/sign-out")
    assert [reason for _, _, reason in rows(connection)] == ["signed_out"]


def test_signing_out_where_the_browser_refuses_to_keep_anything(
    browser: Browser, sam: AgentInTest, product: Product
) -> None:
    context = browser.new_context()
    context.add_init_script(NOTHING_KEPT)
    page = context.new_page()
    page.goto(sign_in_link(Visitor(product.url), sam))
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Me").click()
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.wait_for_url("**/sign-in")
    page.goto(f"{product.url}/referrals")
    expect(page).to_have_url(re.compile("/sign-in"))
    context.close()
