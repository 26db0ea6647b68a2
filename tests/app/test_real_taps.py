"""Notifications on a desktop, tapped there: Chromium shows them over D-Bus, and lets the worker open a window then."""

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.app.test_notifications import offer_push
from tests.support.chromium import FLAGS
from tests.support.desktop import Desktop
from tests.support.device import Device
from tests.support.network import AgentInTest, Network
from tests.support.product import Product
from tests.support.waiting import eventually

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere Chromium shows notifications in other ways")
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
    env = {**os.environ, "DBUS_SESSION_BUS_ADDRESS": desktop.address}
    own = browser.browser_type.launch_persistent_context(
        tmp_path / "profile", executable_path=shutil.which("chromium"), args=FLAGS, env=env
    )
    own.pages[0].close()
    yield Device(own, product)
    own.close()


@pytest.fixture
def sam(network: Network, held: Device) -> AgentInTest:
    made = network.add_agent()
    held.signs_in(made)
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
    network: Network, desktop: Desktop, held: Device, sam: AgentInTest, button: str
) -> None:
    link = network.link(network.refer(agent_id=sam.id), sam)
    held.gets_push(offer_push(link))
    shown = desktop.shows(TITLE)
    assert "About $600k." in shown.body
    assert {"Call me", "Decline"} <= set(shown.buttons)
    desktop.taps(shown, button)
    outcome(opened(held.context, link), sam, button)
    assert len(held.context.pages) == 1
    eventually(desktop.is_empty, "a notification that has gone")


@pytest.mark.parametrize("button", BUTTONS)
def test_a_tap_opens_a_window_where_there_is_none(
    network: Network, desktop: Desktop, held: Device, sam: AgentInTest, button: str
) -> None:
    link = network.link(network.refer(agent_id=sam.id), sam)
    held.gets_push(offer_push(link))
    held.page.goto("about:blank")
    desktop.taps(desktop.shows(TITLE), button)
    outcome(opened(held.context, link), sam, button)
    assert len(held.context.pages) == 2
