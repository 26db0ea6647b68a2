"""Notifications on a desktop, tapped there: Chromium shows them over D-Bus, and lets the worker open a window then."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.support.browser.chromium import as_people_have_it
from tests.support.browser.desktop import Desktop
from tests.support.browser.device import Device
from tests.support.world.network import AgentInTest, Network
from tests.support.world.product import Product
from tests.support.world.waiting import eventually
from tests.web.pwa.test_notifications import offer_push

TITLE = "Seller in Austin, 78704"
BUTTONS = ("", "Call me", "Decline")
"""The first is the notification itself."""


@pytest.fixture
def desktop(tmp_path: Path) -> Iterator[Desktop]:
    made = Desktop(tmp_path)
    yield made
    made.close()


@pytest.fixture
def held(browser: Browser, desktop: Desktop, product: Product, network: Network, tmp_path: Path) -> Iterator[Device]:
    """A Chromium on that desktop, with a profile of its own: a tap finds its way back to no other kind."""
    with as_people_have_it(browser, tmp_path / "profile", DBUS_SESSION_BUS_ADDRESS=desktop.address) as own:
        made = Device(own, product)
        own.pages[0].close()
        yield made


@pytest.fixture
def sam(network: Network, held: Device) -> AgentInTest:
    made = network.add_agent()
    held.signs_in(made)
    return made


@pytest.fixture
def link(network: Network, held: Device, sam: AgentInTest) -> str:
    """Of the referral that a notification on the desktop is about."""
    made = network.link(network.refer(agent_id=sam.id), sam)
    held.gets_push(offer_push(made))
    return made


def opened(context: BrowserContext, link: str) -> Page:
    """The window that shows it."""
    return eventually(
        lambda: (
            next((page for page in context.pages if page.url == link), None) or context.pages[0].wait_for_timeout(20)
        ),
        "a window with the referral",
    )


def outcome(page: Page, sam: AgentInTest, button: str) -> None:
    """What has come of a tap there."""
    if button == "Call me":
        sam.phone.rings()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Your phone is ringing.")
    elif button == "Decline":
        expect(page.get_by_role("button", name="Undo")).to_be_visible()
    else:
        expect(page.get_by_role("button", name="Call me to Claim Referral")).to_be_visible()


@pytest.mark.parametrize("button", BUTTONS)
def test_a_tap_brings_the_open_window_to_the_referral(
    desktop: Desktop, held: Device, sam: AgentInTest, link: str, button: str
) -> None:
    shown = desktop.shows(TITLE)
    assert "About $600k." in shown.body
    assert {"Call me", "Decline"} <= set(shown.buttons)
    desktop.taps(shown, button)
    outcome(opened(held.context, link), sam, button)
    assert len(held.context.pages) == 1
    eventually(desktop.is_empty, "a notification that has gone")


@pytest.mark.parametrize("button", BUTTONS)
def test_a_tap_opens_a_window_where_there_is_none(
    desktop: Desktop, held: Device, sam: AgentInTest, link: str, button: str
) -> None:
    held.page.goto("about:blank")
    desktop.taps(desktop.shows(TITLE), button)
    outcome(opened(held.context, link), sam, button)
    assert len(held.context.pages) == 2


def is_in_front(page: Page, is_it: bool = True) -> None:
    """Waits until the browser tells the page so, whatever it shows by then."""
    page.wait_for_function(
        "(is_it) => is_it === (document.visibilityState === 'visible' && document.hasFocus())", arg=is_it, polling=20
    )


@pytest.mark.parametrize("button", BUTTONS)
def test_a_tap_brings_a_window_behind_another_to_the_front(
    desktop: Desktop, held: Device, sam: AgentInTest, link: str, button: str
) -> None:
    something_else = held.new_page()
    something_else.bring_to_front()
    is_in_front(something_else)
    is_in_front(held.page, False)
    desktop.taps(desktop.shows(TITLE), button)
    outcome(opened(held.context, link), sam, button)
    assert held.page.url == link
    is_in_front(held.page)
    is_in_front(something_else, False)
    assert len(held.context.pages) == 2


def test_of_two_windows_behind_another_the_one_with_the_referral_comes(
    desktop: Desktop, held: Device, link: str
) -> None:
    open_already, something_else = held.new_page(), held.new_page()
    open_already.goto(link)
    something_else.bring_to_front()
    is_in_front(something_else)
    desktop.taps(desktop.shows(TITLE))
    is_in_front(open_already)
    assert (held.page.url, open_already.url) == (f"{held.product.url}/referrals", link)


def test_a_window_that_was_loaded_past_its_worker_has_another_opened_beside_it(
    desktop: Desktop, held: Device, link: str
) -> None:
    """As by Shift and reload. No worker may lead it anywhere, and a tap is good for one window only."""
    with held.page.expect_navigation():
        held.context.new_cdp_session(held.page).send("Page.reload", {"ignoreCache": True})
    assert held.page.evaluate("() => navigator.serviceWorker.controller") is None
    desktop.taps(desktop.shows(TITLE))
    is_in_front(opened(held.context, link))
