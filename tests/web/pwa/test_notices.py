"""What the list offers, once each and never in the way: notifications, and the app on the home screen."""

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.support.browser.chromium import SIZES, picture
from tests.support.browser.device import Device
from tests.support.world.network import AgentInTest, Network
from tests.support.world.waiting import eventually
from tests.web.pwa.conftest import HandOut

IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5"
    " Mobile/15E148 Safari/604.1"
)
NO_PUSH = "delete window.PushManager"
"""As Safari has it outside of an installed app."""
INSTALLED = """
const real = window.matchMedia;
window.matchMedia = (query) => query.includes("standalone") ? { matches: true } : real.call(window, query);
"""
PROMPT = """
(outcome) => {
  const event = new Event("beforeinstallprompt", { cancelable: true });
  event.prompt = async () => { window.prompted = true; };
  event.userChoice = Promise.resolve({ outcome });
  return !window.dispatchEvent(event);
}
"""
"""What Chromium says when it would install the app, which it never does without a window."""
BADGE = """
navigator.setAppBadge = async (number) => { window.badge = number; };
navigator.clearAppBadge = async () => { window.badge = 0; };
"""
SIXTY_ONE_DAYS_AGO = "localStorage.setItem('install-dismissed', Date.now() - 61 * 24 * 3600e3)"


def push_notice(page: Page) -> Locator:
    return page.locator("[data-push-notice]")


def install_notice(page: Page) -> Locator:
    return page.locator("[data-install-notice]")


def has_claimed(network: Network, sam: AgentInTest) -> None:
    _, page = network.offered(sam)
    page.press("call")
    sam.phone.rings().answer().press("1").hears("It's yours")


def may_be_asked(phone: Device) -> Page:
    """Notifications were answered already, and Chromium would install."""
    phone.page.evaluate("localStorage.setItem('push-dismissed', 'yes')")
    phone.page.reload()
    return phone.page


def come_back_another_day(page: Page) -> None:
    page.evaluate("localStorage.setItem('first-day', 'Mon Nov 23 2026')")
    page.reload()


def test_notifications_are_offered_until_they_are_on(network: Network, device: HandOut) -> None:
    phone = device(network.add_agent())
    expect(push_notice(phone.page)).to_contain_text("Get referrals as notifications on this device.")
    phone.turns_push_on()
    phone.page.reload()
    expect(phone.page.get_by_role("heading", level=1)).to_be_visible()
    expect(push_notice(phone.page)).to_be_hidden()


def test_not_now_is_remembered(network: Network, device: HandOut) -> None:
    phone = device(network.add_agent())
    push_notice(phone.page).get_by_role("button", name="Not now").click()
    expect(push_notice(phone.page)).to_be_hidden()
    phone.page.reload()
    phone.is_in_charge()
    expect(push_notice(phone.page)).to_be_hidden()


def test_a_browser_that_takes_none_is_offered_none(network: Network, device: HandOut) -> None:
    phone = device(network.add_agent(), scripts=[NO_PUSH])
    phone.page.reload()
    phone.is_in_charge()
    expect(push_notice(phone.page)).to_be_hidden()


def test_when_it_fails_it_says_so(network: Network, device: HandOut) -> None:
    phone = device(network.add_agent())
    phone.context.set_offline(True)
    push_notice(phone.page).get_by_role("button", name="Turn on").click()
    expect(push_notice(phone.page).get_by_role("alert")).to_be_visible()
    phone.context.set_offline(False)
    phone.turns_push_on()


def test_the_icon_has_the_number_of_open_referrals(network: Network, device: HandOut) -> None:
    sam = network.add_agent()
    phone = device(sam, scripts=[BADGE])
    eventually(lambda: phone.page.evaluate("window.badge") == 0, "an icon without a number")
    for _ in range(2):
        network.refer(agent_id=sam.id)
    phone.page.reload()
    eventually(lambda: phone.page.evaluate("window.badge") == 2, "the number on the icon")


def test_the_app_is_offered_to_who_has_claimed_a_referral(network: Network, device: HandOut) -> None:
    sam = network.add_agent()
    page = may_be_asked(device(sam))
    assert not page.evaluate(PROMPT, "accepted"), "not on the first day without a referral: the browser may ask itself"
    expect(install_notice(page)).to_be_hidden()
    has_claimed(network, sam)
    page.reload()
    assert page.evaluate(PROMPT, "accepted"), "the notice asks, in place of the browser"
    install_notice(page).get_by_role("button", name="Install").click()
    eventually(lambda: page.evaluate("window.prompted"), "the browser's own question")
    expect(install_notice(page)).to_be_hidden()


def test_the_app_is_offered_to_who_comes_back_on_another_day(network: Network, device: HandOut) -> None:
    page = may_be_asked(device(network.add_agent()))
    come_back_another_day(page)
    page.evaluate(PROMPT, "accepted")
    expect(install_notice(page)).to_be_visible()


def test_not_now_holds_for_sixty_days(network: Network, device: HandOut) -> None:
    page = may_be_asked(device(network.add_agent()))
    come_back_another_day(page)
    page.evaluate(PROMPT, "accepted")
    install_notice(page).get_by_role("button", name="Not now").click()
    for again, seen in ((None, False), (SIXTY_ONE_DAYS_AGO, True)):
        if again:
            page.evaluate(again)
        page.reload()
        page.evaluate(PROMPT, "accepted")
        expect(install_notice(page)).to_be_visible(visible=seen)


def test_a_no_to_the_browser_holds_as_long(network: Network, device: HandOut) -> None:
    page = may_be_asked(device(network.add_agent()))
    come_back_another_day(page)
    page.evaluate(PROMPT, "dismissed")
    install_notice(page).get_by_role("button", name="Install").click()
    expect(install_notice(page)).to_be_hidden()
    assert page.evaluate("Number(localStorage.getItem('install-dismissed')) > 0")


def test_an_installed_app_is_offered_nothing(network: Network, device: HandOut) -> None:
    page = may_be_asked(device(network.add_agent(), scripts=[INSTALLED]))
    come_back_another_day(page)
    page.evaluate(PROMPT, "accepted")
    expect(install_notice(page)).to_be_hidden()


def test_an_iphone_is_told_the_steps(network: Network, device: HandOut) -> None:
    page = device(network.add_agent(), scripts=[NO_PUSH], user_agent=IPHONE).page
    expect(install_notice(page)).to_be_hidden()
    come_back_another_day(page)
    expect(install_notice(page).get_by_role("listitem")).to_have_count(3)
    expect(install_notice(page).get_by_role("img", name="Share")).to_be_visible()
    expect(install_notice(page)).to_contain_text("Add to Home Screen")
    expect(install_notice(page).get_by_role("button", name="Install")).to_be_hidden()


def test_one_question_at_a_time(network: Network, device: HandOut) -> None:
    page = device(network.add_agent()).page
    come_back_another_day(page)
    page.evaluate(PROMPT, "accepted")
    expect(push_notice(page)).to_be_visible()
    expect(install_notice(page)).to_be_hidden()
    push_notice(page).get_by_role("button", name="Not now").click()
    expect(install_notice(page)).to_be_visible()


def looks(network: Network, device: HandOut, **how: Any) -> Device:
    """In the hands of an agent who has been offered a referral."""
    sam = network.add_agent()
    network.refer(agent_id=sam.id)
    return device(sam, **how)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_how_they_look(network: Network, device: HandOut, size: str, scheme: str) -> None:
    held = looks(network, device, size=size, color_scheme=scheme)
    held.page.reload()
    expect(push_notice(held.page)).to_be_visible()
    picture(held.page, f"app/push-{size}-{scheme}")
    page = may_be_asked(held)
    come_back_another_day(page)
    page.evaluate(PROMPT, "accepted")
    expect(install_notice(page)).to_be_visible()
    picture(page, f"app/install-{size}-{scheme}")
    apple = looks(network, device, size=size, color_scheme=scheme, scripts=[NO_PUSH], user_agent=IPHONE).page
    come_back_another_day(apple)
    expect(install_notice(apple)).to_be_visible()
    picture(apple, f"app/ios-{size}-{scheme}")
