"""Send me a test, for real: what comes, what it says by itself, and what the page makes of it."""

import requests

from tests.support.browser.portal import Portal
from tests.support.carrier.carrier import Carrier
from tests.support.world.network import AgentInTest
from tests.support.world.waiting import eventually

BROWSER = {"Sec-Fetch-Site": "same-origin", "Accept": "text/html"}


def says(portal: Portal, channel: str, words: str) -> None:
    """Waits until the page's result does."""
    result = f"/channels/{channel}/result"
    eventually(lambda: words in portal.visitor.get(result).text.replace("&#39;", "'"), f"a result with {words!r}")


def test_a_text_is_delivered_by_the_carriers_receipt(portal: Portal, sam: AgentInTest) -> None:
    portal.visitor.post("/channels/sms/test")
    sam.phone.gets_text("Texts from Dibs reach you.")
    says(portal, "sms", "It was delivered. Texts work.")


def test_a_mail_is_delivered_by_a_tap_on_its_button(portal: Portal, sam: AgentInTest) -> None:
    portal.visitor.post("/channels/email/test")
    link = sam.mailbox.gets_mail("Email works").link
    says(portal, "email", "Press the button in it")
    assert "Yes, it arrived" in requests.get(link, timeout=10).text
    says(portal, "email", "Press the button in it")
    assert "Thanks, email works." in requests.post(link, headers=BROWSER, timeout=10).text
    says(portal, "email", "It arrived. Email works.")


def test_a_text_that_fails_switches_texts_off_and_trying_again_switches_them_on(
    portal: Portal, sam: AgentInTest, carrier: Carrier
) -> None:
    carrier.act("phones", number=sam.phone.number, delivery="30005")
    portal.visitor.post("/channels/sms/test")
    says(portal, "sms", "is not in service")
    assert portal.state("sms") == (True, None)
    portal.visitor.post("/channels/sms/test")
    eventually(lambda: portal.state("sms") == (True, "no_such_number"), "texts are off")
    assert portal.state("sms") == (True, "no_such_number")
    assert "Try again" in portal.visitor.get("/channels").text
    carrier.act("phones", number=sam.phone.number, delivery="delivered")
    portal.visitor.post("/channels/sms/on")
    says(portal, "sms", "Texts work.")
    assert portal.state("sms") == (True, None)
