"""How we reach you in a real browser: a test that is followed live, by keyboard, and the claim page's still button."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browser.chromium import SIZES, opened_page, picture
from tests.support.browser.portal import Portal
from tests.support.world.network import AgentInTest, Network
from tests.support.world.product import Product

pytestmark = pytest.mark.usefixtures("nothing_delivered")


def signed_in(browser: Browser, portal: Portal, size: str) -> tuple[Page, list[str]]:
    """A fresh browser in which this agent has signed in."""
    page, complaints = opened_page(browser, portal.sign_in_link, size)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Your referrals")).to_be_visible()
    return page, complaints


@pytest.fixture
def fresh(portal: Portal, product: Product) -> Portal:
    """The same agent's, with a sign-in link not yet used."""
    return Portal(product.url, portal.database, portal.agent)


@pytest.mark.parametrize("size", SIZES)
def test_led_through_it_and_each_test_followed_live(browser: Browser, fresh: Portal, size: str) -> None:
    fresh.has_push_on("Chrome on Android")
    page, complaints = signed_in(browser, fresh, size)
    picture(page, f"referrals-check-{size}")
    page.get_by_role("link", name="Check now").click()
    page.wait_for_load_state()  # before its scripts run, Enter posts the form and the page comes back as a whole
    text = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name=re.compile("^Texts")))
    send = text.get_by_role("button", name=re.compile("Send me a test"))
    send.focus()
    page.keyboard.press("Enter")
    outcome = text.get_by_role("status")
    expect(outcome).to_contain_text("On its way")
    expect(send).to_be_enabled()
    expect(send).to_be_focused()
    fresh.test_becomes("sms", "sent")
    expect(outcome).to_contain_text("has yet to confirm it")
    fresh.test_becomes("sms", "delivered")
    expect(outcome).to_have_text(re.compile("It was delivered"))
    expect(page.locator("[data-poll]")).to_have_count(0)

    phone = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name="Your phone"))
    phone.get_by_role("button", name="Ring my phone").click()
    expect(phone.get_by_role("status")).to_contain_text("about to ring you")
    fresh.test_becomes("voice", "failed", "no-answer")
    expect(phone.get_by_role("status")).to_contain_text("rang, and nobody picked up")
    picture(page, f"channels-first-{size}")
    page.get_by_role("button", name="Done").click()
    expect(page.get_by_text("See that we can reach you.")).to_have_count(0)
    assert complaints == []
    page.context.close()


@pytest.mark.parametrize("size", SIZES)
def test_quiet_hours_by_keyboard(browser: Browser, fresh: Portal, size: str) -> None:
    page, complaints = signed_in(browser, fresh, size)
    page.get_by_role("link", name="Me").click()
    page.get_by_role("link", name="Channels, quiet hours and tests").click()
    email = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name=re.compile("^Email")))
    summary = email.locator("summary")
    summary.focus()
    page.keyboard.press("Enter")
    email.get_by_label("from").fill("22:00")
    email.get_by_role("button", name="Save").click()
    expect(email.get_by_role("alert")).to_have_text("Quiet hours need both times.")
    expect(email.get_by_label("until")).to_have_attribute("aria-invalid", "true")
    expect(email.get_by_label("until")).to_be_focused()
    picture(page, f"channels-refused-{size}")
    email.get_by_label("until").fill("07:00")
    email.get_by_label("until").press("Enter")
    expect(summary).to_contain_text("quiet from 10:00 PM to 7:00 AM")
    complaints = [entry for entry in complaints if "422" not in entry]
    assert complaints == []
    page.context.close()


@pytest.mark.parametrize("size", [*SIZES, "small phone"])
def test_a_dead_channel_moves_no_button_on_the_claim_page(
    browser: Browser, network: Network, sam: AgentInTest, portal: Portal, size: str
) -> None:
    link = network.link(network.refer(agent_id=sam.id), sam)
    viewport = SIZES.get(size, {"width": 360, "height": 640})
    page = browser.new_context(viewport=viewport, reduced_motion="reduce").new_page()
    page.goto(link)
    button = page.get_by_role("button", name="Call me to Claim Referral")
    before = button.bounding_box()
    portal.loses("sms", "stopped").loses("email", "bounced")
    page.reload()
    note = page.get_by_text("Email and texts are off.")
    expect(note).to_be_visible()
    picture(page, f"claim-off-{size}")
    assert button.bounding_box() == before
    assert before is not None
    seen = note.bounding_box()
    assert seen is not None
    over = page.get_by_role("link", name="Not your number").bounding_box()
    assert over is not None
    assert size == "desk" or seen["y"] + seen["height"] <= over["y"], "nothing lies over it"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.context.close()


@pytest.mark.parametrize("size", SIZES)
def test_what_died_is_told_on_the_page(browser: Browser, fresh: Portal, size: str) -> None:
    fresh.loses("sms", "stopped", "21610", days_ago=2).loses("email", "bounced", "550")
    page, complaints = signed_in(browser, fresh, size)
    expect(page.get_by_text("Email and texts are off.")).to_be_visible()
    page.get_by_role("link", name="See why").click()
    expect(page.get_by_text("Text START to (512) 555-0101")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    picture(page, f"channels-off-{size}")
    assert complaints == []
    page.context.close()
