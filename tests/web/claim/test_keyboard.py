"""The claim page by keyboard: whoever presses a button there stays at the one that takes its place."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.support.browser.chromium import opened_page
from tests.support.browser.live_panel import Watched
from tests.support.carrier.carrier import Carrier
from tests.support.world.network import AgentInTest, Network
from tests.support.world.states import STATES, Stage
from tests.support.world.waiting import eventually

CALL = "Call me to Claim Referral"
IN_ITS_PLACE = {
    "calling": "Stop calling",
    "ringing": "Stop calling",
    "stopping": "Call me again",
    "missed": "Call me again",
    "pin": "Call me again",
    "connecting": "Open in portal",
    "connected": "Open in portal",
    "client_missed": "Try the client again",
    "quiet": "Call Maria now",
    "claimed": "Open in portal",
    "lost": "See other referrals",
    "declining": "Undo",
    "declined": "See other referrals",
    "expired": "See other referrals",
    "withdrawn": "See other referrals",
}
"""What there is to press in each state. While they are on the line there is nothing."""


@pytest.fixture
def page(browser: Browser, network: Network, sam: AgentInTest) -> Iterator[Page]:
    network.refer(agent_id=sam.id)
    made, complaints = opened_page(browser, sam.phone.gets_text().link, "phone")
    yield made
    assert complaints == []
    made.context.close()


def walks_to(page: Page, button: str) -> None:
    """By Tab, as somebody without a mouse."""
    wanted = page.get_by_role("button", name=button)
    expect(wanted).to_be_enabled()
    for _ in range(20):
        if wanted.evaluate("(button) => button === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never comes to {button}")


def is_at(page: Page, button: str) -> None:
    expect(page.get_by_role("button", name=button)).to_be_focused()


def test_from_call_to_call_without_a_mouse(page: Page, sam: AgentInTest) -> None:
    heading = page.get_by_role("heading", level=1)
    walks_to(page, CALL)
    page.keyboard.press("Enter")
    is_at(page, "Stop calling")
    sam.phone.rings()
    expect(heading).to_contain_text("Your phone is ringing.")
    is_at(page, "Stop calling")
    sam.phone.answer()
    expect(heading).to_contain_text("You're on the line.")
    expect(page.locator(".actions")).to_be_focused()
    expect(page.locator(".actions .rings-at")).to_have_text("Nothing is claimed until you press 1")
    sam.phone.hang_up()
    expect(heading).to_have_text(STATES["missed"])
    is_at(page, "Call me again")
    page.keyboard.press("Space")
    is_at(page, "Stop calling")
    sam.phone.rings()
    expect(page.get_by_role("button", name="Stop calling")).to_be_enabled()
    page.keyboard.press("Enter")
    is_at(page, "Call me again")
    expect(heading).to_have_text(STATES["offered"])
    is_at(page, CALL)


def test_enter_held_down_calls_once(page: Page, sam: AgentInTest, carrier: Carrier) -> None:
    walks_to(page, CALL)
    page.keyboard.down("Enter")
    is_at(page, "Stop calling")
    for _ in range(3):
        page.keyboard.down("Enter")
    page.keyboard.up("Enter")
    sam.phone.rings()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Your phone is ringing.")
    assert carrier.calls_placed() == 1


def test_a_double_click_calls_once(page: Page, sam: AgentInTest, carrier: Carrier) -> None:
    page.get_by_role("button", name=CALL).hover()
    for click in (1, 2):
        page.mouse.down(click_count=click)
        page.mouse.up(click_count=click)
        is_at(page, "Stop calling")
    sam.phone.rings()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Your phone is ringing.")
    assert carrier.calls_placed() == 1


def test_pressed_twice_before_an_answer_it_calls_once(page: Page, sam: AgentInTest, carrier: Carrier) -> None:
    asked: list[Route] = []
    page.route("**/call", lambda route: asked.append(route))  # noqa: PLW0108 (Playwright marks what it is given)
    walks_to(page, CALL)
    for _ in range(2):
        page.keyboard.press("Enter")
    eventually(lambda: asked or page.wait_for_timeout(20), "what was asked")
    is_at(page, CALL)
    asked[0].continue_()
    is_at(page, "Stop calling")
    sam.phone.rings()
    assert (len(asked), carrier.calls_placed()) == (1, 1)


@pytest.mark.parametrize("state", IN_ITS_PLACE)
def test_whatever_takes_its_place_has_the_focus_and_is_announced(panel: Watched, on_stage: Stage, state: str) -> None:
    panel.remembers_its_headline()
    walks_to(panel.page, CALL)
    on_stage.becomes(state)
    panel.answers_in(1)
    expect(panel.page.locator(".actions").get_by_text(IN_ITS_PLACE[state], exact=True)).to_be_focused()
    expect(panel.heading).to_contain_text(STATES[state])
    assert panel.kept_its_headline


@pytest.mark.parametrize("state", ["missed", "connecting"])
def test_after_a_state_without_a_button_the_next_has_the_focus(panel: Watched, on_stage: Stage, state: str) -> None:
    walks_to(panel.page, CALL)
    on_stage.becomes("answered")
    panel.answers_in(1)
    expect(panel.page.locator(".actions")).to_be_focused()
    on_stage.connection.execute("DELETE FROM call")
    on_stage.becomes(state)
    panel.answers_in(1)
    expect(panel.page.locator(".actions").get_by_text(IN_ITS_PLACE[state], exact=True)).to_be_focused()


def test_somebody_who_reads_elsewhere_is_left_there(panel: Watched, on_stage: Stage) -> None:
    on_stage.becomes("ringing")
    panel.answers_in(1)
    expect(panel.heading).to_contain_text("Your phone is ringing.")
    assert panel.page.evaluate("() => document.activeElement === document.body")
