"""The desk while something happens: list and timeline follow by themselves."""

from playwright.sync_api import Browser, expect

from tests.conftest import flask
from tests.support.chromium import opened_page
from tests.support.network import Network
from tests.support.page import Page
from tests.support.product import Product


def test_list_and_timeline_follow_a_claim(browser: Browser, network: Network, product: Product) -> None:
    sam = network.add_agent("Sam Ortiz")
    referral = network.refer(agent_id=sam.id)
    link = sam.phone.gets_text().link
    desk, complaints = opened_page(browser, flask(product, "admins", "create", "boss@network.example").strip(), "desk")
    desk.get_by_role("button", name="Sign in").click()
    desk.goto(f"{product.url}/admin/referrals/{referral['id']}")
    shown = desk.get_by_text("was shown the client's details")
    expect(shown).to_have_count(1)
    Page(link).press("call")
    expect(desk.locator(".timeline")).to_contain_text("Sam Ortiz asked to be called")
    sam.phone.rings().answer().press("1").hears("It's yours")
    expect(desk.locator(".timeline")).to_contain_text("Sam Ortiz pressed 1 and has it")
    expect(desk.locator("#desk-list")).to_contain_text("Sam has it")
    expect(shown).to_have_count(1)
    expect(shown).not_to_contain_text("times")
    assert complaints == []
    desk.context.close()
