"""The path in a real browser with a phone's viewport, from the text's link to "connected"."""

import time

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.support.browser.chromium import SIZES, opened_page, picture, watched
from tests.support.carrier.carrier import Carrier
from tests.support.world.network import AgentInTest, Network


@pytest.mark.parametrize("size", SIZES)
def test_from_the_text_to_two_people_talking(browser: Browser, network: Network, carrier: Carrier, size: str) -> None:
    sam = network.add_agent()
    referral = network.refer(agent_id=sam.id)
    page, complaints = opened_page(browser, sam.phone.gets_text().link, size)
    button = page.get_by_role("button", name="Call me to Claim Referral")
    expect(page.get_by_role("heading", level=1)).to_have_text("Seller in Austin, 78704")
    box = button.bounding_box()
    assert box is not None
    assert box["height"] >= 56
    picture(page, f"offered-{size}")

    button.click()
    sam.phone.rings()
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_contain_text("Your phone is ringing.")
    stop = page.get_by_role("button", name="Stop calling").bounding_box()
    assert stop is not None
    assert abs(stop["y"] - box["y"]) < 2, "the button must not jump under a thumb"
    picture(page, f"ringing-{size}")
    sam.phone.answer()
    expect(heading).to_contain_text("You're on the line.")
    sam.phone.press("1")
    expect(heading).to_have_text("It's yours. Connecting you to Maria.")
    picture(page, f"connecting-{size}")
    maria = network.client_phone(referral).rings().answer()
    expect(heading).to_have_text("You're talking to Maria.")
    expect(page.locator("[data-since]")).to_have_text("0:02", timeout=9000)
    picture(page, f"connected-{size}")
    maria.hang_up()
    expect(heading).to_contain_text("Claimed at")
    picture(page, f"claimed-{size}")
    assert page.locator("[data-poll]").count() == 0, "the final panel asks no more"
    assert complaints == []
    page.context.close()


def test_an_unchanged_poll_is_answered_304(browser: Browser, network: Network, carrier: Carrier) -> None:
    sam = network.add_agent()
    network.refer(agent_id=sam.id)
    page, _ = opened_page(browser, sam.phone.gets_text().link, "phone")
    for _ in range(2):
        with page.expect_response(lambda r: r.url.endswith("/panel")) as polled:
            pass
        asked, answered = polled.value.request.headers.get("hx-ptag"), polled.value.headers.get("hx-ptag")
        assert polled.value.status == 304, f"asked with {asked}, answered {answered}"
    page.context.close()


def test_scripts_that_load_late_still_have_the_first_poll(browser: Browser, network: Network, carrier: Carrier) -> None:
    """Found by a run on a slow machine: htmx took the page up before its extension was there."""
    sam = network.add_agent()
    network.refer(agent_id=sam.id)
    page, _ = watched(browser, "phone")
    page.route("**/htmx.js", lambda route: (time.sleep(1), route.continue_()))
    page.goto(sam.phone.gets_text().link)
    with page.expect_response(lambda r: r.url.endswith("/panel")) as polled:
        pass
    assert polled.value.status == 304
    page.context.close()


def test_the_button_stays_as_it_is_while_the_page_asks_for_news(
    browser: Browser, network: Network, carrier: Carrier
) -> None:
    sam = network.add_agent()
    network.refer(agent_id=sam.id)
    page, _ = watched(browser, "phone")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/panel", hold)
    page.goto(sam.phone.gets_text().link)
    with page.expect_request(lambda request: request.url.endswith("/panel")):
        pass
    expect(page.locator("#panel.htmx-request")).to_be_attached()
    expect(page.get_by_role("button", name="Call me to Claim Referral")).to_have_css("opacity", "1")
    for route in held:
        route.continue_()
    page.context.close()


def test_a_cold_claim_page_is_light(browser: Browser, network: Network, carrier: Carrier) -> None:
    sam = network.add_agent()
    network.refer(agent_id=sam.id)
    page, _ = watched(browser, "phone")
    sizes: dict[str, int] = {}
    page.on("requestfinished", lambda r: sizes.update({r.url: r.sizes()["responseBodySize"]}))
    page.goto(sam.phone.gets_text().link, wait_until="load")
    loaded = {url: size for url, size in sizes.items() if not url.endswith("/panel")}
    assert len(loaded) <= 6, sorted(loaded)
    assert sum(loaded.values()) <= 35 * 1024, loaded
    page.context.close()


def test_one_tap_declines_and_the_enter_key_among_the_words_does_not(
    browser: Browser, network: Network, sam: AgentInTest
) -> None:
    referral = network.refer(agent_id=sam.id)
    page, complaints = opened_page(browser, network.link(referral, sam), "phone")
    page.get_by_role("link", name="Decline Referral").click()
    page.get_by_text("Add a few words first").click()
    page.get_by_label("Your words").fill("an hour by car")
    page.get_by_label("Your words").press("Enter")
    page.get_by_role("button", name="Too far away").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You're declining this referral.")
    assert complaints == []
    page.context.close()
