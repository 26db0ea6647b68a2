"""How we reach you: what each channel's line says, and what can be done about it."""

import re
from html import unescape

import pytest

from tests.support.browser.portal import Portal
from tests.support.world.database import Database
from tests.support.world.network import AgentInTest, Network
from tests.support.world.product import Product

pytestmark = pytest.mark.usefixtures("nothing_delivered")
OURS = "(512) 555-0101"


def line(portal: Portal, channel: str) -> str:
    """What stands in the line of a channel, as one reads it."""
    page = portal.visitor.get("/channels").text
    found = re.search(rf'<li class="channel" id="{channel}".*?(?=<li class="channel"|</ul>\s*</main>)', page, re.DOTALL)
    assert found is not None
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", found[0])).split())


def test_each_channel_stands_there_with_where_it_goes(portal: Portal, sam: AgentInTest) -> None:
    assert f"Email On {sam.email}" in line(portal, "email")
    assert "Texts On (512) 555-" in line(portal, "sms")
    assert "Push On no device yet" in line(portal, "push")
    assert "Ring my phone" in line(portal, "voice")


@pytest.mark.parametrize(
    ("channel", "reason", "says"),
    [
        ("sms", "stopped", f"You texted STOP today. Text START to {OURS} to get texts again."),
        ("sms", "landline", "is a landline, your carrier says, and takes no texts."),
        ("sms", "no_such_number", "is not in service, your carrier says. Ask your network to change it, or try again."),
        ("email", "bounced", "came back today. Ask your network for a new address, or try again."),
        ("email", "unsubscribed", "You unsubscribed today. Mail about clients you have claimed still comes."),
        ("push", "gone", "forgot it today. Turn it on again on this device."),
    ],
)
def test_a_dead_channel_says_why_and_what_to_do(portal: Portal, channel: str, reason: str, says: str) -> None:
    portal.loses(channel, reason)
    assert says in line(portal, channel)
    assert " Off " in line(portal, channel)
    assert "Send me a test" not in line(portal, channel)


def test_whoever_has_not_agreed_to_texts_is_told_so(portal: Portal, database: Database) -> None:
    database.rows("UPDATE agent SET sms_consent_at = NULL, sms_consent_source = NULL RETURNING id")
    assert "Texts Not agreed to" in line(portal, "sms")
    assert portal.visitor.post("/channels/sms/test").status_code == 422
    assert portal.tests() == []


@pytest.mark.parametrize("reason", ["bounced", "landline", "no_such_number"])
def test_trying_again_turns_it_on_and_sends_a_test(portal: Portal, reason: str) -> None:
    channel = "email" if reason == "bounced" else "sms"
    portal.loses(channel, reason, "550")
    assert "Try again" in line(portal, channel)
    portal.visitor.post(f"/channels/{channel}/on")
    assert portal.state(channel) == (True, None)
    assert portal.tests() == [(channel, "queued")]


def test_whoever_unsubscribed_can_turn_it_on_again(portal: Portal) -> None:
    portal.loses("email", "unsubscribed")
    assert "Turn on again" in line(portal, "email")
    portal.visitor.post("/channels/email/on")
    assert portal.state("email") == (True, None)
    assert portal.tests() == []


@pytest.mark.parametrize(("channel", "reason"), [("sms", "stopped"), ("push", "gone")])
def test_what_is_not_ours_to_turn_on_stays_off(portal: Portal, channel: str, reason: str) -> None:
    portal.loses(channel, reason)
    for action in ("on", "test"):
        portal.visitor.post(f"/channels/{channel}/{action}")
    assert portal.state(channel) == (True, reason)
    assert portal.tests() == []


@pytest.mark.parametrize(
    ("channel", "status", "code", "says"),
    [
        ("email", "queued", None, "On its way to sam"),
        ("email", "sent", None, "Press the button in it"),
        ("email", "delivered", None, "It arrived. Email works."),
        ("email", "failed", "550", "It didn't get through to sam"),
        ("sms", "sent", None, "Your carrier has yet to confirm it."),
        ("sms", "delivered", None, "It was delivered. Texts work."),
        ("sms", "failed", "30006", "is a landline or can't take texts"),
        ("sms", "failed", "{0}", "(Code {0})"),
        ("push", "delivered", None, "It showed on Chrome on Android."),
        ("push", "failed", "410", "Chrome on Android doesn't take push any more."),
        ("voice", "sent", None, "is ringing. Pick up and press 1."),
        ("voice", "delivered", None, "You pressed 1. Calls reach you."),
        ("voice", "failed", "no_key", "1 wasn't pressed"),
        ("voice", "failed", "busy", "was busy, or the call was declined"),
        ("voice", "dropped", None, "It was not sent"),
    ],
)
def test_what_became_of_a_test(portal: Portal, channel: str, status: str, code: str | None, says: str) -> None:
    portal.has_push_on("Chrome on Android")
    portal.visitor.post(f"/channels/{channel}/test")
    portal.test_becomes(channel, status, code)
    assert says in line(portal, channel)
    result = portal.visitor.get(f"/channels/{channel}/result")
    asks_on = status in ("queued", "sending", "sent")
    assert ("data-poll" in result.text) == asks_on, "polling ends with the test"
    tag = result.headers["HX-PTag"]
    assert portal.visitor.get(f"/channels/{channel}/result", **{"HX-PTag": tag}).status_code == 304


def test_a_test_of_push_goes_to_each_device(portal: Portal) -> None:
    assert portal.visitor.post("/channels/push/test").status_code == 422  # none yet
    for device in ("Chrome on Android", "Safari on Mac"):
        portal.has_push_on(device)
    portal.visitor.post("/channels/push/test")
    assert portal.tests() == [("push", "queued")] * 2
    for device in ("Chrome on Android", "Safari on Mac"):
        assert f"On its way to {device}." in line(portal, "push")


@pytest.mark.parametrize("channel", ["email", "voice"])
def test_tapping_twice_sends_one(portal: Portal, channel: str) -> None:
    for _ in range(3):
        portal.visitor.post(f"/channels/{channel}/test")
    assert portal.tests() == [(channel, "queued")]


def test_a_phone_that_rings_is_not_rung_again(portal: Portal) -> None:
    portal.visitor.post("/channels/voice/test")
    portal.test_becomes("voice", "sent")
    portal.visitor.post("/channels/voice/test")
    assert portal.tests() == [("voice", "sent")]
    portal.test_becomes("voice", "failed", "no-answer")
    portal.visitor.post("/channels/voice/test")
    assert portal.tests() == [("voice", "failed"), ("voice", "queued")]


def test_ten_tests_an_hour(portal: Portal) -> None:
    for _ in range(10):
        assert portal.visitor.post("/channels/email/test").status_code == 200
        portal.test_becomes("email", "delivered")
    refused = portal.visitor.post("/channels/email/test")
    assert refused.status_code == 429
    assert "Try again in an hour." in refused.text
    assert len(portal.tests()) == 10


def test_when_it_last_worked(portal: Portal) -> None:
    assert "Last worked" not in line(portal, "email")
    for channel, status in (("email", "sent"), ("sms", "sent"), ("voice", "failed")):
        portal.visitor.post(f"/channels/{channel}/test")
        portal.test_becomes(channel, status, "x" if status == "failed" else None)
    assert "Last worked" in line(portal, "email"), "it went out and has not come back"
    assert "Last worked" not in line(portal, "sms"), "no receipt yet"
    assert "Last worked" not in line(portal, "voice")
    portal.test_becomes("sms", "delivered")
    assert "Last worked" in line(portal, "sms")


def test_a_device_is_removed_by_its_own_agent_alone(
    portal: Portal, network: Network, product: Product, database: Database
) -> None:
    phone = portal.has_push_on("Chrome on Android")
    priya = Portal(product.url, database, network.add_agent("Priya Raman")).signs_in()
    assert priya.visitor.post(f"/channels/devices/{phone}/remove").status_code == 404
    assert "Chrome on Android" in line(portal, "push")
    assert portal.visitor.post(f"/channels/devices/{phone}/remove").status_code == 200
    assert "Chrome on Android" not in line(portal, "push")
    assert database.rows("SELECT end_reason FROM push_subscription") == [("turned_off",)]


def test_there_are_no_other_channels(portal: Portal) -> None:
    assert portal.visitor.post("/channels/fax/test").status_code == 404
    assert portal.visitor.get("/channels/fax/result").status_code == 404
    assert portal.visitor.post("/channels/voice/preference", wanted="yes").status_code == 404
