"""A message says by itself that it has arrived: by the service worker that shows it, by a button in a test."""

from uuid import UUID, uuid4

import pytest
import requests

from app.core.tokens import Purpose
from tests.support.browser.portal import Portal, token
from tests.support.world.database import Database
from tests.support.world.network import AgentInTest, Network
from tests.support.world.product import Product

pytestmark = pytest.mark.usefixtures("nothing_delivered")
BROWSER = {"Sec-Fetch-Site": "same-origin", "Accept": "text/html,application/xhtml+xml"}
SCRIPT = {"Sec-Fetch-Site": "same-origin", "Accept": "*/*"}


def newest(database: Database, channel: str) -> tuple[UUID, str]:
    query = "SELECT id, status FROM notification WHERE channel = %s ORDER BY id DESC LIMIT 1"
    ((id_, status),) = database.rows(query, channel)
    return id_, status


def arrived(product: Product, database: Database, channel: str) -> str:
    return f"{product.url}/a/{token(Purpose.ARRIVED, newest(database, channel)[0])}"


def test_the_button_in_a_test_email_says_that_it_arrived(portal: Portal, product: Product, database: Database) -> None:
    portal.visitor.post("/channels/email/test")
    portal.test_becomes("email", "sent")
    url = arrived(product, database, "email")
    page = requests.get(url, timeout=10)
    assert "Yes, it arrived" in page.text
    assert newest(database, "email")[1] == "sent", "a mail scanner opens links, too"
    assert "Thanks, email works." in requests.post(url, headers=BROWSER, timeout=10).text
    assert newest(database, "email")[1] == "delivered"
    assert requests.post(url, headers=BROWSER, timeout=10).ok, "a second tap is no mistake"


def test_a_service_worker_says_so_without_a_page(portal: Portal, product: Product, database: Database) -> None:
    portal.has_push_on("Chrome on Android")
    portal.visitor.post("/channels/push/test")
    portal.test_becomes("push", "sent")
    answer = requests.post(arrived(product, database, "push"), headers=SCRIPT, timeout=10)
    assert (answer.status_code, answer.text) == (204, "")
    assert newest(database, "push")[1] == "delivered"


@pytest.mark.parametrize(("before", "after"), [("sending", "delivered"), ("failed", "failed"), ("dropped", "dropped")])
def test_what_is_over_stays_as_it_is(
    portal: Portal, product: Product, database: Database, before: str, after: str
) -> None:
    portal.visitor.post("/channels/email/test")
    portal.test_becomes("email", before)
    assert requests.post(arrived(product, database, "email"), headers=SCRIPT, timeout=10).status_code == 204
    assert newest(database, "email")[1] == after


def test_no_other_message_can_say_so(
    portal: Portal, product: Product, database: Database, network: Network, sam: AgentInTest
) -> None:
    network.refer(agent_id=sam.id)
    for channel in ("email", "sms"):
        url = arrived(product, database, channel)
        assert requests.post(url, headers=SCRIPT, timeout=10).status_code == 404
    portal.visitor.post("/channels/voice/test")
    assert requests.post(arrived(product, database, "voice"), headers=SCRIPT, timeout=10).status_code == 404


def test_only_our_own_links_and_our_own_pages(portal: Portal, product: Product, database: Database) -> None:
    portal.visitor.post("/channels/email/test")
    portal.test_becomes("email", "sent")
    url = arrived(product, database, "email")
    assert requests.post(url, headers={"Sec-Fetch-Site": "cross-site"}, timeout=10).status_code == 403
    of_another_kind = token(Purpose.OFFER, newest(database, "email")[0])
    for wrong in (of_another_kind, token(Purpose.ARRIVED, uuid4()), "x"):
        assert requests.post(f"{product.url}/a/{wrong}", headers=SCRIPT, timeout=10).status_code == 404
    assert newest(database, "email")[1] == "sent"
