"""What a tap does: on a notification and its buttons, and on a mail program's "Unsubscribe"."""

import json
import smtplib

import pytest
import requests

from tests.sandbox.letters import newsletter
from tests.sandbox.sender import Sender
from tests.support.browser.subscriber import Subscriber
from tests.support.carrier.carrier import Carrier
from tests.support.carrier.documents import Documents

LINK = "/o/TOKEN"


def offered(carrier: Carrier, url: str = LINK) -> Subscriber:
    """A browser with an offer on its lock screen."""
    phone = carrier.subscriber("Sam Ortiz")
    Sender().webpush(phone.subscription, json.dumps({"title": "Seller in Austin", "url": url}))
    return phone


@pytest.mark.parametrize(("action", "form"), [("call", {}), ("decline", {"reason": "by_push"})])
def test_a_button_posts_what_the_service_worker_would(
    carrier: Carrier, documents: Documents, action: str, form: dict[str, str]
) -> None:
    documents.write(f"{LINK}/{action}")
    tapped = offered(carrier).taps(action)
    assert tapped == {"url": documents.url + LINK, "answer": 200}
    asked = documents.asked(f"{LINK}/{action}")
    assert (asked.method, asked.params, asked.headers["Origin"]) == ("POST", form, documents.url)
    assert carrier.state()["pushes"][0]["acted"] == action


def test_a_tap_on_the_notification_posts_nothing(carrier: Carrier, documents: Documents) -> None:
    assert offered(carrier).taps() == {"url": documents.url + LINK, "answer": None}
    assert documents.requests == []


def test_a_notification_leads_to_the_product_and_nowhere_else(carrier: Carrier, documents: Documents) -> None:
    with pytest.raises(requests.HTTPError):
        offered(carrier, "https://elsewhere.example/o/TOKEN").taps("call")
    assert "leads away" in carrier.state()["errors"][0]


def test_what_is_not_there_cannot_be_tapped(carrier: Carrier) -> None:
    for path in ("pushes/none/open", "browsers/none/gone", "mails/7/unsubscribe"):
        with pytest.raises(requests.HTTPError, match="404"):
            carrier.act(path)
    phone = offered(carrier)
    with pytest.raises(requests.HTTPError, match="404"):
        phone.taps("dance")
    with pytest.raises(requests.HTTPError, match="400"):
        phone.is_gone(500)
    with pytest.raises(requests.HTTPError, match="400"):
        carrier.subscriber(server_key="no-point-on-P-256")


def test_unsubscribing_is_one_post_without_cookies(carrier: Carrier, documents: Documents, smtp: smtplib.SMTP) -> None:
    documents.write("/leave")
    newsletter(smtp, "sam@agents.example", f"{documents.url}/leave?t=TOKEN")
    newsletter(smtp, "sam@agents.example", f"{documents.url}/other", one_click=False)
    assert carrier.inbox("sam@agents.example").unsubscribes() == 200
    asked = documents.asked("/leave")
    assert (asked.method, asked.body) == ("POST", "List-Unsubscribe=One-Click")
    assert asked.url.endswith("?t=TOKEN")
    assert asked.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert "Cookie" not in asked.headers
    assert [mail["unsubscribed"] for mail in carrier.state()["mails"]] == [200, None]
    assert carrier.state()["errors"] == []


def test_unsubscribing_that_fails_is_an_error_one_can_see(
    carrier: Carrier, documents: Documents, smtp: smtplib.SMTP
) -> None:
    newsletter(smtp, "sam@agents.example", f"{documents.url}/leave")
    assert carrier.inbox("sam@agents.example").unsubscribes() == 404
    assert "answered 404" in carrier.state()["errors"][0]
