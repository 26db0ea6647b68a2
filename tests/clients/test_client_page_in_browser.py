"""The client's page in a browser: readable at every size, in both languages, and free of what axe finds."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from tests.clients.test_client_page import claimed
from tests.support.browser.chromium import SIZES, picture
from tests.support.world.network import AgentInTest, Network
from tests.support.world.product import Product
from tests.support.world.rows import select
from tests.support.world.waiting import eventually


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("size", SIZES)
def test_every_state_fits_and_passes_axe(
    browser: Browser, network: Network, sam: AgentInTest, *, size: str, language: str, scheme: str
) -> None:
    referral, _ = claimed(network, sam)
    client_page = network.client_page(referral)
    context = browser.new_context(viewport=SIZES[size], color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    steps = {"ready": "", "booked": "book", "text": "rather-text", "no-calls": "no-calls"}
    for state, step in steps.items():
        if step:
            client_page.press(step, **({"at": client_page.times[1]} if step == "book" else {}))
        page.goto(f"{client_page.link}?lang={language}")
        picture(page, f"client/{state}-{language}-{size}-{scheme}")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), state
        assert Axe().run(page).response["violations"] == [], state
        for button in page.locator("button").all():
            box = button.bounding_box()
            assert box is not None
            assert box["height"] >= 44
    context.close()
    sam.phone.gets_text("Maria asked for no calls")


def test_whoever_looks_is_seen_to_look_and_the_tap_is_one(
    browser: Browser, network: Network, sam: AgentInTest, product: Product
) -> None:
    referral, _ = claimed(network, sam)
    page = browser.new_page()
    page.goto(network.client_page(referral).link)
    looked = "SELECT response FROM client_response"
    eventually(lambda: select(product, looked) == [("looked",)], "the look")
    page.get_by_role("button", name="Call me now").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("We're ringing Sam, then you.")
    sam.phone.rings().rings_out().is_over()
    page.close()
