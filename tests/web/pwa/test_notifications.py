"""Push messages in the browser's real worker: shown, tapped, and acted on by their buttons."""

import json

from playwright.sync_api import expect

from tests.support.browser.device import TAP, Device
from tests.support.carrier.carrier import Carrier
from tests.support.world.network import AgentInTest, Network
from tests.support.world.waiting import eventually
from tests.web.pwa.conftest import HandOut


def offer_push(link: str, **other: object) -> str:
    path = "/" + link.split("/", 3)[3]
    return json.dumps({
        "kind": "offer", "title": "Seller in Austin, 78704", "body": "About $600k. Open until 2:14 PM.", "url": path,
        "tag": "offer-1", "badge": 2, "arrived": path.replace("/o/", "/a/"),
        "actions": [{"action": "call", "title": "Call me"}, {"action": "decline", "title": "Decline"}], **other,
    })  # fmt: skip


def notified(network: Network, device: HandOut) -> tuple[AgentInTest, Device, str]:
    """Sam is looking at the list when a referral comes as a push message."""
    sam = network.add_agent()
    phone = device(sam)
    link = network.link(network.refer(agent_id=sam.id), sam)
    phone.gets_push(offer_push(link))
    return sam, phone, link


def test_a_referral_stays_on_the_screen_with_its_two_buttons(network: Network, device: HandOut) -> None:
    _, phone, link = notified(network, device)
    (shown,) = phone.shown()
    assert (shown["title"], shown["body"]) == ("Seller in Austin, 78704", "About $600k. Open until 2:14 PM.")
    assert shown["actions"] == ["call", "decline"]
    assert shown["requireInteraction"]
    assert shown["data"]["url"] in link


def test_call_me_rings_the_phone_without_another_tap(network: Network, device: HandOut, carrier: Carrier) -> None:
    sam, phone, link = notified(network, device)
    assert phone.taps("offer-1", "call") == []
    sam.phone.rings()
    phone.page.wait_for_url(link)
    expect(phone.page.get_by_role("heading", level=1)).to_contain_text("Your phone is ringing.")
    assert phone.shown() == []


def test_decline_shows_undo(network: Network, device: HandOut) -> None:
    _, phone, link = notified(network, device)
    phone.taps("offer-1", "decline")
    phone.page.wait_for_url(link)
    expect(phone.page.get_by_role("button", name="Undo")).to_be_visible()


def test_a_tap_opens_the_page_in_the_window_there_is(network: Network, device: HandOut, carrier: Carrier) -> None:
    _, phone, link = notified(network, device)
    assert phone.taps("offer-1") == [], "no window beside the open one"
    phone.page.wait_for_url(link)
    assert len(phone.context.pages) == 1
    expect(phone.page.get_by_role("button", name="Call me to Claim Referral")).to_be_visible()
    assert carrier.calls_placed() == 0


def test_of_two_windows_the_one_that_shows_the_referral_is_taken(network: Network, device: HandOut) -> None:
    _, phone, link = notified(network, device)
    other = phone.new_page()
    other.goto(link)
    phone.page.bring_to_front()
    phone.taps("offer-1")
    assert phone.page.url.endswith("/referrals")
    assert other.url == link


def test_a_tap_opens_a_window_when_there_is_none(network: Network, device: HandOut) -> None:
    _, phone, link = notified(network, device)
    worker = phone.is_in_charge()
    phone.page.goto("about:blank")
    assert [link.endswith(url) for url in worker.evaluate(TAP, ["offer-1", ""])] == [True]


def test_call_me_opens_the_page_even_without_a_network(network: Network, device: HandOut, carrier: Carrier) -> None:
    _, phone, link = notified(network, device)
    phone.context.set_offline(True)
    phone.taps("offer-1", "call")
    phone.page.wait_for_url(link)
    expect(phone.page.get_by_role("heading", level=1)).to_have_text("You're offline")
    assert carrier.calls_placed() == 0


def test_whatever_comes_is_shown(network: Network, device: HandOut) -> None:
    phone = device(network.add_agent())
    for number, unreadable in enumerate(["not JSON", "[]", "null", '{"title": 1, "tag": "x", "actions": 5}']):
        phone.page.evaluate(
            "async () => (await (await navigator.serviceWorker.ready).getNotifications()).forEach((n) => n.close())"
        )
        (shown,) = phone.gets_push(unreadable)
        assert shown["title"] == "Dibs: open to see", number
        assert shown["data"]["url"] == "/referrals"


def test_a_newer_one_takes_the_place_of_the_older(network: Network, device: HandOut) -> None:
    _, phone, link = notified(network, device)
    (shown,) = phone.gets_push(offer_push(link, title="Seller in Austin, again"))
    assert shown["title"] == "Seller in Austin, again"


def test_a_notification_leads_nowhere_else(network: Network, device: HandOut) -> None:
    phone = device(network.add_agent())
    (shown,) = phone.gets_push(json.dumps({"title": "Win", "url": "https://evil.example/", "tag": "x"}))
    assert shown["data"]["url"] == "/referrals"


def test_the_server_learns_that_it_arrived(network: Network, device: HandOut) -> None:
    sam = network.add_agent()
    phone = device(sam)
    link = network.link(network.refer(agent_id=sam.id), sam)
    with phone.context.expect_event("request", lambda r: "/a/" in r.url) as told:
        phone.gets_push(offer_push(link))
    assert told.value.method == "POST"


def test_a_message_brings_the_number_on_the_icon(network: Network, device: HandOut) -> None:
    phone = device(network.add_agent())
    worker = phone.is_in_charge()
    worker.evaluate(
        "() => { self.navigator.setAppBadge = async (number) => { self.badge = number; };"
        " self.navigator.clearAppBadge = async () => { self.badge = 0; }; }"
    )
    for live in (3, 0):
        phone.gets_push(json.dumps({"title": f"{live} open", "tag": "live", "badge": live}))
        eventually(lambda live=live: worker.evaluate("self.badge") == live, f"{live} on the icon")
