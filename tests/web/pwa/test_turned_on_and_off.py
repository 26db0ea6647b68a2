"""Push turned on and off in a browser, by its owner."""

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.support.browser.browser import Visitor
from tests.support.browser.device import Device
from tests.support.browser.sign_in import signed_in
from tests.support.browser.subscriptions import Rows, endpoint, rows, subscribes
from tests.support.world.network import AgentInTest, Network
from tests.support.world.product import Product
from tests.web.pwa.conftest import HandOut


def test_one_tap_turns_notifications_on(sam: AgentInTest, device: HandOut, connection: Rows) -> None:
    phone = device(sam)
    assert rows(connection) == []
    phone.turns_push_on()
    assert [(address, reason) for address, _, reason in rows(connection)] == [(f"{phone.endpoint}-1", None)]
    assert phone.complaints == []


def push_at_the_channels(phone: Device) -> Locator:
    """What the page about channels says of this device."""
    phone.page.goto(f"{phone.product.url}/channels")
    return phone.page.locator("[data-push-state]")


def test_it_is_turned_off_and_on_where_the_channels_are(sam: AgentInTest, device: HandOut, connection: Rows) -> None:
    phone = device(sam)
    part = push_at_the_channels(phone)
    part.get_by_role("button", name="Turn on here").click()
    expect(part).to_have_text(re.compile(r"On for this device\."), use_inner_text=True)
    assert [reason for _, _, reason in rows(connection)] == [None]
    expect(phone.page.get_by_role("button", name="Remove")).to_have_count(1)
    part.get_by_role("button", name="Turn off here").click()
    expect(part).to_have_text(re.compile(r"Off for this device\."), use_inner_text=True)
    assert [reason for _, _, reason in rows(connection)] == ["turned_off"]
    with phone.page.expect_event("load"):
        phone.page.reload()
    assert phone.page.evaluate("localStorage.getItem('push-wanted')") is None, "it stays off"


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("Object.defineProperty(Notification, 'permission', { get: () => 'denied' })", "are blocked on this device"),
        ("delete window.PushManager", "This browser takes no notifications."),
    ],
)
def test_a_browser_that_cannot_is_told_why(sam: AgentInTest, device: HandOut, script: str, words: str) -> None:
    part = push_at_the_channels(device(sam, scripts=[script]))
    expect(part).to_have_text(re.compile(words), use_inner_text=True)
    expect(part.get_by_role("button")).to_have_count(0)


def test_turning_it_off_ends_that_browser_alone(visitor: Visitor, product: Product, connection: Rows) -> None:
    for name in ("phone", "desk"):
        subscribes(visitor, endpoint(product, name))
    for ended in (True, False):
        answer = visitor.send("DELETE", "/push/subscriptions", {"endpoint": endpoint(product, "phone")})
        assert answer.json() == {"ended": ended}
    assert [reason for _, _, reason in rows(connection)] == ["turned_off", None]


def test_nobody_ends_anothers(network: Network, visitor: Visitor, product: Product, connection: Rows) -> None:
    subscribes(visitor, endpoint(product))
    priya = signed_in(product.url, network.add_agent("Priya Raman"))
    answer = priya.send("DELETE", "/push/subscriptions", {"endpoint": endpoint(product)})
    assert answer.json() == {"ended": False}
    assert [reason for _, _, reason in rows(connection)] == [None]
