"""The sandbox's pages in a real browser: notifications on locked phones, and a mail program's own buttons."""

import json
import smtplib
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.sandbox.account import PHONE, client, ring
from tests.sandbox.letters import newsletter
from tests.sandbox.sender import Sender
from tests.support.browser.chromium import SIZES, opened_page, picture
from tests.support.browser.subscriber import Subscriber
from tests.support.carrier.carrier import Carrier
from tests.support.carrier.documents import Documents

BUTTONS = [{"action": "call", "title": "Call me"}, {"action": "decline", "title": "Decline"}]
OFFER = {"title": "Seller in Austin, 78704", "body": "About $600k.", "url": "/o/TOKEN", "tag": "1", "actions": BUTTONS}


def pushed(to: Subscriber, topic: str = "offer-1", **other: Any) -> None:
    Sender().webpush(to.subscription, json.dumps({**OFFER, **other}), Urgency="high", Topic=topic)


def place(page: Page, name: str) -> Locator:
    """The handset, or the browser, that is called so."""
    return page.locator(".handset").filter(has=page.locator(".name", has_text=name))


@pytest.fixture
def sam(carrier: Carrier) -> Subscriber:
    """The browser on Sam's phone."""
    carrier.act("phones", number=PHONE, label="Sam Ortiz")
    return carrier.subscriber("installed app", account=PHONE)


@pytest.mark.parametrize("size", SIZES)
def test_a_push_is_a_card_on_the_locked_phone(browser: Browser, carrier: Carrier, sam: Subscriber, size: str) -> None:
    page, complaints = opened_page(browser, carrier.url, size)
    phone = place(page, "Sam Ortiz")
    expect(phone.locator(".num")).to_have_text("(512) 555-7777")
    expect(phone.locator(".lock")).to_be_hidden()
    pushed(sam)
    card = phone.locator(".card")
    expect(card.locator("b")).to_have_text(OFFER["title"])
    expect(card.locator(".said")).to_have_text("About $600k.")
    expect(card.locator(".app")).to_have_text("Dibs")
    expect(card.get_by_role("button", name="Call me", exact=True)).to_be_visible()
    picture(page, f"push-{size}")
    assert complaints == []
    page.close()


def test_a_newer_one_takes_the_place_of_an_older(browser: Browser, carrier: Carrier, sam: Subscriber) -> None:
    page, _ = opened_page(browser, carrier.url, "desk")
    titles = place(page, "Sam Ortiz").locator(".card b")
    pushed(sam, title="Another", topic="offer-2", tag="2")
    pushed(sam)
    expect(titles).to_have_text([OFFER["title"], "Another"])
    pushed(sam, title="Priya was first")
    expect(titles).to_have_text(["Priya was first", "Another"])
    pushed(sam, title="By its tag alone", topic="offer-3", tag="2")
    expect(titles).to_have_text(["By its tag alone", "Priya was first"])
    page.close()


@pytest.mark.parametrize("tapped", [("Call me", "call"), ("Decline", "decline"), (OFFER["title"], None)])
def test_a_tap_opens_the_page_and_a_button_posts_first(
    browser: Browser, carrier: Carrier, documents: Documents, sam: Subscriber, tapped: tuple[str, str | None]
) -> None:
    name, path = tapped
    for known in ("/o/TOKEN", "/o/TOKEN/call", "/o/TOKEN/decline"):
        documents.write(known)
    pushed(sam)
    page, _ = opened_page(browser, carrier.url, "desk")
    card = place(page, "Sam Ortiz").locator(".card")
    with page.expect_popup() as opened:
        card.get_by_role("button", name=name).click()
    opened.value.wait_for_url(f"{documents.url}/o/TOKEN")
    asked = [(one.method, one.path) for one in documents.requests if one.path.startswith("/o/")]
    assert asked == [*([("POST", f"/o/TOKEN/{path}")] if path else []), ("GET", "/o/TOKEN")]
    expect(card).to_have_count(0)
    opened.value.close()
    page.close()


def test_a_call_has_the_screen_to_itself(
    browser: Browser, carrier: Carrier, documents: Documents, sam: Subscriber
) -> None:
    pushed(sam)
    page, _ = opened_page(browser, carrier.url, "desk")
    phone = place(page, "Sam Ortiz")
    expect(phone.locator(".card")).to_be_visible()
    call = ring(carrier, documents.write("/start", "<Pause length='600'/>"))
    expect(phone.locator(".card")).to_be_hidden()
    call.decline()
    expect(phone.locator(".card")).to_be_visible()
    page.close()


def test_a_browser_that_is_on_no_handset_has_a_place_of_its_own(browser: Browser, carrier: Carrier) -> None:
    desk = carrier.subscriber("Priya Raman")
    page, _ = opened_page(browser, carrier.url, "desk")
    mine = place(page, "Priya Raman")
    expect(mine.locator(".num")).to_have_text("Browser")
    expect(mine.locator(".silent")).to_be_visible()
    pushed(desk)
    expect(mine.locator(".card b")).to_have_text(OFFER["title"])
    desk.is_gone()
    expect(mine.locator(".over")).to_be_visible()
    carrier.act("phones", number=PHONE, label="Priya Raman")  # and then it is on one
    expect(mine).to_have_count(1)
    expect(mine.locator(".num")).to_have_text("(512) 555-7777")
    expect(mine.locator(".card b")).to_have_text(OFFER["title"])
    carrier.reset()
    expect(mine).to_have_count(0)
    page.close()


def test_words_that_are_no_json_are_shown_as_they_are(browser: Browser, carrier: Carrier, sam: Subscriber) -> None:
    Sender().webpush(sam.subscription, "Hello there")
    page, complaints = opened_page(browser, carrier.url, "desk")
    expect(place(page, "Sam Ortiz").locator(".card .said")).to_have_text("Hello there")
    assert complaints == []
    page.close()


def test_the_carriers_own_answer_is_read_on_the_handset(
    browser: Browser, carrier: Carrier, documents: Documents
) -> None:
    documents.write("/hooks/twilio/sms")
    client(carrier).messages.create(to=PHONE, from_="+15125550100", body="Hello")
    page, _ = opened_page(browser, carrier.url, "desk")
    page.get_by_label("Text the network").fill("stop")
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".texts .theirs").last).to_contain_text("You have successfully been unsubscribed")
    expect(page.locator(".stopped")).to_be_visible()
    page.close()


def test_the_inbox_unsubscribes_and_says_what_came_back(
    browser: Browser, carrier: Carrier, documents: Documents, smtp: smtplib.SMTP
) -> None:
    documents.write("/leave")
    newsletter(smtp, "gone@agents.example", f"{documents.url}/leave")
    page, complaints = opened_page(browser, f"{carrier.url}/inbox", "desk")
    expect(page.locator(".fate")).to_have_text("Came back from gone@agents.example (5.1.1).")
    page.get_by_role("button", name="Unsubscribe").click()
    expect(page.locator("#mail")).to_contain_text("You have unsubscribed.")
    assert documents.asked("/leave").body == "List-Unsubscribe=One-Click"
    newsletter(smtp, "sam@agents.example", f"{documents.url}/leave", one_click=False)
    page.locator("#mails button", has_text="sam@agents.example").click()
    expect(page.locator("#mail dl")).to_contain_text("sam@agents.example")
    expect(page.get_by_role("button", name="Unsubscribe")).to_have_count(0)
    assert complaints == []
    page.close()
