"""The sandbox's own pages in a real browser: handsets one can use, an inbox one can read, errors one can see."""

import json
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from twilio.rest import Client

from tests.sandbox.sender import Sender
from tests.support.browser.chromium import SIZES, opened_page, picture
from tests.support.carrier.carrier import Carrier
from tests.support.ledger.kinds import Way
from tests.support.world.network import Network
from tests.support.world.product import Product

SOMEBODY = "+15125557777"
CALL_ME = {"action": "call", "title": "Call me"}


def handset(page: Page, number: str) -> Locator:
    """The handset of a number, as it is shown: (512) 555-1001."""
    shown = f"({number[2:5]}) {number[5:8]}-{number[8:]}"
    return page.locator(".handset").filter(has=page.locator(".num", has_text=shown))


def client_of(product: Product, carrier: Carrier) -> Client:
    """Twilio's own SDK, on the sandbox."""
    made = Client(product.env["TWILIO_ACCOUNT_SID"], product.env["TWILIO_AUTH_TOKEN"])
    made.api.base_url = carrier.url
    return made


def test_a_whole_team_is_told_and_the_phone_of_the_one_who_taps_rings(
    browser: Browser, network: Network, carrier: Carrier
) -> None:
    team = network.add_team("Lakeside")
    sam, priya, dale, noor = agents = [
        network.add_agent(name, team) for name in ("Sam Ortiz", "Priya Raman", "Dale Whitcomb", "Noor Haddad")
    ]
    carrier.act("names", **{agent.phone.number: agent.name for agent in agents})
    network.offered(dale, kind="buyer", area={"city": "Round Rock", "state": "TX", "zip": "78664"})
    referral = network.refer(team_id=team)
    page, _ = opened_page(browser, carrier.url, "desk")
    for agent in agents:
        expect(handset(page, agent.phone.number)).to_contain_text(agent.name)
        expect(handset(page, agent.phone.number).get_by_role("link")).not_to_have_count(0)
    network.page(referral, noor).press("call")
    expect(handset(page, noor.phone.number).locator(".state")).to_have_text("is calling")
    for other in (sam, priya, dale):
        expect(handset(page, other.phone.number).get_by_role("button", name="Answer")).to_be_hidden()
    picture(page, "sandbox")
    page.context.close()


@pytest.mark.parametrize("size", SIZES)
def test_a_claim_by_hand_on_the_handsets(browser: Browser, network: Network, carrier: Carrier, size: str) -> None:
    sam = network.add_agent()
    referral = network.refer(agent_id=sam.id)
    link = sam.phone.gets_text().link
    page, complaints = opened_page(browser, carrier.url, size)
    phone = handset(page, sam.phone.number)
    with page.expect_popup() as opened:  # the text's link is there to be tapped
        phone.get_by_role("link", name=link).click()
    opened.value.get_by_role("button", name="Call me to Claim Referral").click()
    expect(phone.locator(".state")).to_have_text("is calling")
    sam.phone.rings()
    picture(page, f"handset-rings-{size}")
    phone.get_by_role("button", name="Answer").click()
    expect(phone.locator(".heard")).to_contain_text("A seller in Austin")
    sam.phone.press("1")  # the voice speaks ten times as fast here: too fast for a browser's hand
    expect(phone.locator(".heard .keypad")).to_have_text("1")
    expect(phone.locator(".heard")).to_contain_text("Connecting you to Maria")
    client = handset(page, network.client_phone(referral).number)
    client.get_by_role("button", name="Answer").click()
    expect(phone.locator(".heard")).to_contain_text("connected to")
    picture(page, f"handset-talks-{size}")
    client.get_by_role("button", name="Hang up").click()
    expect(phone.locator(".state")).to_have_text("completed")
    assert complaints == []
    opened.value.close()
    page.close()


def test_call_me_on_a_notification_rings_the_phone(browser: Browser, network: Network, carrier: Carrier) -> None:
    sam = network.add_agent()
    referral = network.refer(agent_id=sam.id)
    link = network.page(referral, sam).link
    offer = {"title": "Seller in Austin, 78704", "url": urlsplit(link).path, "actions": [CALL_ME]}
    app = carrier.subscriber("installed app", account=sam.phone.number)
    network.expects(Way.PUSH, app.subscription["endpoint"], "Seller in Austin")
    Sender().webpush(app.subscription, json.dumps(offer), Urgency="high")
    page, complaints = opened_page(browser, carrier.url, "phone")
    phone = handset(page, sam.phone.number)
    with page.expect_popup() as opened:
        phone.get_by_role("button", name="Call me").click()
    expect(phone.locator(".state")).to_have_text("is calling")
    opened.value.wait_for_url(link)
    expect(opened.value.locator("[data-phase=ringing]")).to_be_visible()
    phone.get_by_role("button", name="Decline", exact=True).click()
    assert complaints == []
    opened.value.close()
    page.close()


def test_the_keypad_types_and_hangs_up(browser: Browser, network: Network, carrier: Carrier, product: Product) -> None:
    pin = '<Response><Gather timeout="600"><Say>Your PIN</Say></Gather></Response>'
    network.expects(Way.CALL, SOMEBODY)
    client_of(product, carrier).calls.create(to=SOMEBODY, from_="+15125550100", twiml=pin)
    page, _ = opened_page(browser, carrier.url, "phone")
    phone = handset(page, SOMEBODY)
    phone.get_by_role("button", name="Answer").click()
    expect(phone.locator(".heard")).to_contain_text("Your PIN")
    for key in "4*0":
        phone.get_by_role("button", name=key, exact=True).click()
    expect(phone.locator(".heard .keypad")).to_have_text(["4", "*", "0"])
    phone.get_by_role("button", name="Hang up").click()
    expect(phone.locator(".state")).to_have_text("completed")
    expect(phone.get_by_role("button", name="4", exact=True)).to_be_hidden()
    page.close()


def test_a_ringing_call_can_be_declined(browser: Browser, network: Network, carrier: Carrier) -> None:
    sam = network.add_agent()
    network.refer(agent_id=sam.id)
    page, _ = opened_page(browser, carrier.url, "desk")
    phone = handset(page, sam.phone.number)
    with page.expect_popup() as opened:
        phone.locator(".texts a").click()
    opened.value.get_by_role("button", name="Call me to Claim Referral").click()
    phone.get_by_role("button", name="Decline").click()
    expect(phone.locator(".state")).to_have_text("busy")
    opened.value.close()
    page.close()


def test_a_handset_writes_and_says_what_did_not_arrive(browser: Browser, network: Network, carrier: Carrier) -> None:
    sam = network.add_agent()
    carrier.act("phones", number=sam.phone.number, label="Sam Ortiz", delivery="30003")
    network.refer(agent_id=sam.id)
    page, _ = opened_page(browser, carrier.url, "desk")
    phone = handset(page, sam.phone.number)
    expect(phone.locator(".name")).to_have_text("Sam Ortiz")
    expect(phone.locator(".texts .theirs")).to_contain_text("Not delivered (30003)")
    phone.get_by_label("Text the network").fill("STOP")
    phone.get_by_role("button", name="Send").click()
    expect(phone.locator(".texts .mine")).to_contain_text("STOP")
    expect(phone.locator(".stopped")).to_be_visible()
    page.close()


def test_the_inbox_reads_like_a_mail_program(browser: Browser, network: Network, carrier: Carrier) -> None:
    sam = network.add_agent()
    network.refer(agent_id=sam.id)
    mail = sam.mailbox.gets_mail()
    page, complaints = opened_page(browser, f"{carrier.url}/inbox", "desk")
    expect(page.locator("#mails .subject")).to_have_text("Seller in Austin, 78704, about $600k")
    expect(page.locator("#mail h1")).to_have_text(mail.subject)
    expect(page.locator("#mail dl")).to_contain_text(sam.email)
    inside = page.frame_locator("#mail iframe").get_by_role("link", name="Open to claim")
    expect(inside).to_have_attribute("href", mail.link)
    page.get_by_role("button", name="Show as text").click()
    expect(page.locator("#mail pre a").first).to_have_attribute("href", mail.link)
    assert complaints == []
    page.close()


def test_what_it_does_not_know_is_shown_on_its_page(
    browser: Browser, network: Network, carrier: Carrier, product: Product
) -> None:
    twilio = client_of(product, carrier)
    page, _ = opened_page(browser, carrier.url, "desk")
    expect(page.get_by_role("alert")).to_be_hidden()
    twilio.calls.create(to=SOMEBODY, from_="+15125550100", twiml="<Response><Dance/></Response>", send_digits="1")
    carrier.phone(SOMEBODY).rings().answer().is_over()
    expect(page.get_by_role("alert")).to_contain_text("<Dance> is not known here")
    expect(page.get_by_role("alert")).to_contain_text("unknown parameter SendDigits")
    picture(page, "sandbox-error")
    carrier.reset()
    expect(page.get_by_role("alert")).to_be_hidden()
    page.close()
