"""The desk while something happens: list and timeline follow by themselves."""

from playwright.sync_api import Browser, Page, expect

from tests.support.browser.chromium import opened_page
from tests.support.browser.page import Page as ClaimPage
from tests.support.world.commands import flask
from tests.support.world.network import Network
from tests.support.world.product import Product


def signed_in(browser: Browser, product: Product) -> tuple[Page, list[str]]:
    """The desk in an admin's browser."""
    link = flask(product, "admins", "create", "boss@network.example").strip()
    desk, complaints = opened_page(browser, link, "desk")
    desk.get_by_role("button", name="Sign in").click()
    desk.wait_for_url("**/admin/")
    return desk, complaints


def test_list_and_timeline_follow_a_claim(browser: Browser, network: Network, product: Product) -> None:
    sam = network.add_agent("Sam Ortiz")
    referral = network.refer(agent_id=sam.id)
    link = sam.phone.gets_text().link
    desk, complaints = signed_in(browser, product)
    desk.goto(f"{product.url}/admin/referrals/{referral['id']}?show=all")
    desk.get_by_role("button", name="Show who it is").click()
    expect(desk.locator("#detail")).to_contain_text("Maria Delgado")
    shown = desk.get_by_text("was shown the client's details")
    expect(shown).to_have_count(1)
    ClaimPage(link).press("call")
    expect(desk.locator(".timeline")).to_contain_text("Sam Ortiz asked to be called")
    sam.phone.rings().answer().press("1").hears("It's yours")
    expect(desk.locator(".timeline")).to_contain_text("Sam Ortiz pressed 1 and has it")
    expect(desk.locator("#desk-list")).to_contain_text("Sam has it")
    expect(shown).to_have_count(1)
    expect(shown).not_to_contain_text("times")
    assert complaints == []
    desk.context.close()


def test_what_is_new_does_not_take_the_focus(browser: Browser, network: Network, product: Product) -> None:
    sam = network.add_agent("Sam Ortiz")
    referral, page = network.offered(sam)
    desk, complaints = signed_in(browser, product)
    desk.goto(f"{product.url}/admin/?show=all")
    rows = desk.locator("#desk-list a.row")
    rows.focus()
    desk.route("**/admin/list?*", lambda route: route.abort())
    page.press("call")
    sam.phone.rings().answer().press("1").hears("It's yours")
    network.refer(agent_id=sam.id)
    desk.unroute("**/admin/list?*")
    expect(rows).to_have_count(2)
    expect(rows.last).to_contain_text("Sam has it")
    desk.keyboard.press("Enter")
    desk.wait_for_url(f"**/admin/referrals/{referral['id']}?*")
    assert [entry for entry in complaints if "ERR_FAILED" not in entry] == []
    desk.context.close()


def test_a_chosen_row_keeps_its_place_and_the_detail_is_in_sight(
    browser: Browser, network: Network, product: Product
) -> None:
    sam = network.add_agent("Sam Ortiz")
    for _ in range(20):
        network.refer(agent_id=sam.id)
    desk, complaints = signed_in(browser, product)
    row = desk.locator("#desk-list a.row").nth(18)
    chosen = row.get_attribute("id")
    row.click()
    desk.wait_for_url("**/admin/referrals/*")
    expect(desk.get_by_role("article").get_by_role("heading", level=1)).to_be_in_viewport()
    expect(desk.locator(f"#{chosen}")).to_be_in_viewport()
    expect(desk.locator(f"#{chosen}")).to_be_focused()
    assert complaints == []
    desk.context.close()


def test_a_refused_form_says_first_what_to_put_right(browser: Browser, network: Network, product: Product) -> None:
    desk, complaints = signed_in(browser, product)
    desk.goto(f"{product.url}/admin/agents/new")
    desk.get_by_label("Name", exact=True).fill("Dale Whitcomb")
    desk.get_by_role("button", name="Add the agent").click()
    alert = desk.get_by_role("alert")
    expect(alert).to_be_focused()
    expect(alert).to_contain_text("2 fields need another look.")
    expect(desk).to_have_title("Error: Add an agent · Dibs")
    alert.get_by_role("link", name="Phone").click()
    desk.keyboard.press("Tab")
    expect(desk.get_by_label("Time zone")).to_be_focused()
    assert [entry for entry in complaints if "422" not in entry] == []
    desk.context.close()


def test_whom_a_referral_goes_to_is_offered_as_it_is_typed(
    browser: Browser, network: Network, product: Product
) -> None:
    network.add_team("Lakeline Homes")
    for name in ("Priya Raman", "Sam Ortiz"):
        network.add_agent(name)
    desk, complaints = signed_in(browser, product)
    desk.goto(f"{product.url}/admin/referrals/new")
    offered = desk.locator("#targets option")
    expect(offered).to_have_count(4)
    assert offered.first.get_attribute("value") == "Any matching agent"
    desk.get_by_label("Goes to").press_sequentially("priya")
    expect(offered).to_have_count(1)
    assert (offered.get_attribute("value") or "").startswith("Priya Raman, ")
    assert complaints == []
    desk.context.close()
