"""The portal under an agent's hands: what arrives while they read, keys instead of a mouse, a network that crawls."""

import re

from playwright.sync_api import Browser, BrowserContext, Page, expect

from app.core.language import ES
from tests.web.portal.portfolio import Portfolio

SCROLLED = "() => window.scrollY"
CRAWLING = {"offline": False, "latency": 1500, "downloadThroughput": 30_000, "uploadThroughput": 20_000}


def phone(browser: Browser) -> BrowserContext:
    return browser.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, reduced_motion="reduce"
    )


def desk(browser: Browser) -> BrowserContext:
    return browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")


def refer(portfolio: Portfolio) -> None:
    portfolio.network.refer(agent_id=portfolio.sam.id, area={"city": "Lockhart", "state": "TX", "zip": "78644"})


def next_list(page: Page) -> None:
    with page.expect_response("**/referrals/list*"):
        pass


def test_what_comes_while_the_list_is_read_waits_behind_a_pill(browser: Browser, portfolio: Portfolio) -> None:
    context = phone(browser)
    page = portfolio.signs_in(context)
    row = page.locator(".client-row").nth(12)
    row.scroll_into_view_if_needed()
    before = row.bounding_box()
    refer(portfolio)
    pill = page.get_by_role("link", name="1 new referral")
    expect(pill).to_be_visible()
    assert row.bounding_box() == before
    expect(page.locator(".live-offer", has_text="Lockhart")).to_have_count(0)
    expect(page.locator(".open-now")).to_have_count(1)
    refer(portfolio)
    expect(page.get_by_role("link", name="2 new referrals")).to_be_visible()
    page.get_by_role("link", name="2 new referrals").tap()
    expect(page.locator(".live-offer", has_text="Lockhart")).to_have_count(2)
    expect(page.locator("[data-pill]")).to_be_hidden()
    page.wait_for_function("() => window.scrollY === 0")
    context.close()


def test_at_the_top_of_the_list_it_is_there_at_once(browser: Browser, portfolio: Portfolio) -> None:
    context = phone(browser)
    page = portfolio.signs_in(context)
    refer(portfolio)
    expect(page.locator(".live-offer", has_text="Lockhart")).to_be_visible()
    expect(page.locator("[data-pill]")).to_be_hidden()
    context.close()


def test_it_waits_while_a_mouse_is_at_the_list_and_no_longer(browser: Browser, portfolio: Portfolio) -> None:
    context = desk(browser)
    page = portfolio.signs_in(context)
    page.locator(".client-row").first.hover()
    refer(portfolio)
    expect(page.get_by_role("link", name="1 new referral")).to_be_visible()
    page.get_by_role("heading", level=1).hover()
    expect(page.locator(".live-offer", has_text="Lockhart")).to_be_visible()
    expect(page.locator("[data-pill]")).to_be_hidden()
    context.close()


def test_on_a_phone_it_is_told_at_a_client_s_page_too(browser: Browser, portfolio: Portfolio) -> None:
    portfolio.speaks(ES)
    context = phone(browser)
    page = portfolio.signs_in(context)
    page.goto(portfolio.product.url + portfolio.maria.path)
    next_list(page)
    refer(portfolio)
    page.get_by_role("link", name=re.compile(r"\d referidos? nuevos?")).tap()
    page.wait_for_url("**/referrals")
    expect(page.locator(".live-offer", has_text="Lockhart")).to_be_visible()
    context.close()


def test_keys_go_through_the_list_open_a_client_and_call(browser: Browser, portfolio: Portfolio) -> None:
    context = desk(browser)
    page = portfolio.signs_in(context)
    rows = page.locator(".live-offer .need, .client-row .row")
    page.keyboard.press("j")
    expect(rows.nth(0)).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(rows.nth(1)).to_be_focused()
    page.keyboard.press("/")
    box = page.get_by_role("searchbox")
    expect(box).to_be_focused()
    page.keyboard.type("jack lockhart")
    expect(box).to_have_value("jack lockhart")
    box.fill("maria delgado")
    maria = page.locator(f".client-row .row[href^='{portfolio.maria.path}']")
    expect(page.locator(".client-row", has_text="Whitfield")).to_have_count(0)
    box.blur()
    while not maria.evaluate("element => element === document.activeElement"):
        page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Maria Delgado")
    page.keyboard.press("c")
    expect(page.get_by_role("heading", level=1)).to_contain_text("ringing")
    portfolio.sam.phone.rings().hang_up().is_over()
    context.close()


def test_the_keys_are_told_and_can_be_turned_off(browser: Browser, portfolio: Portfolio) -> None:
    context = desk(browser)
    page = portfolio.signs_in(context)
    page.keyboard.press("?")
    told = page.get_by_role("dialog", name="Keys")
    expect(told).to_be_visible()
    told.get_by_role("checkbox").uncheck()
    told.get_by_role("button", name="Close").click()
    expect(told).to_be_hidden()
    page.reload()
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).not_to_be_focused()
    page.keyboard.press("?")
    told.get_by_role("checkbox").check()
    page.keyboard.press("Escape")
    expect(told).to_be_hidden()
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    context.close()


def test_on_a_network_that_crawls_a_tap_counts_once_and_polls_do_not_pile_up(
    browser: Browser, portfolio: Portfolio
) -> None:
    context = phone(browser)
    page = portfolio.signs_in(context)
    page.goto(portfolio.product.url + portfolio.maria.path)
    open_polls, most = [0], [0]

    def began(_request: object) -> None:
        open_polls[0] += 1
        most[0] = max(most[0], open_polls[0])

    def ended(_request: object) -> None:
        open_polls[0] -= 1

    def is_poll(request: object) -> bool:
        return "/referrals/list" in request.url  # type: ignore[attr-defined]

    page.on("request", lambda request: began(request) if is_poll(request) else None)
    page.on("requestfinished", lambda request: ended(request) if is_poll(request) else None)
    page.on("requestfailed", lambda request: ended(request) if is_poll(request) else None)
    context.new_cdp_session(page).send("Network.emulateNetworkConditions", CRAWLING)
    posts: list[str] = []
    page.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)
    stage = page.get_by_role("button", name="Met", exact=True)
    stage.dblclick()
    expect(page.locator(".stage.now")).to_have_text("Met", timeout=20_000)
    assert len([url for url in posts if url.endswith("/stage")]) == 1
    next_list(page)
    next_list(page)
    assert most[0] == 1
    expect(page.locator("#story")).to_contain_text("Met")
    assert page.locator("#story").inner_text().count("Met") == 1
    context.close()
