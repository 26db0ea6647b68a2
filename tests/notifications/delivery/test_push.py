"""Push: encrypted for one browser, urgent, as long-lived as the offer, the newer instead of the older."""

import pytest

from tests.support.browser.page import Page
from tests.support.browser.portal import Portal
from tests.support.browser.subscriber import Subscriber, subscribed
from tests.support.carrier.carrier import Carrier
from tests.support.world.database import Database
from tests.support.world.network import AgentInTest, Network
from tests.support.world.product import Product
from tests.support.world.waiting import eventually

PUSHES = "SELECT status, attempts, error_code FROM notification WHERE channel = 'push' ORDER BY id"
OFF = "SELECT channel, off_reason FROM agent_channel WHERE off_at IS NOT NULL"


def test_all_three_channels_bring_the_same_offer(
    network: Network, carrier: Carrier, sam: AgentInTest, browser: Subscriber
) -> None:
    network.refer(agent_id=sam.id)
    push = browser.gets_push("Seller in")
    assert network.url + push.payload["url"] == sam.phone.gets_text().link == sam.mailbox.gets_mail("Seller in").link
    assert [action["action"] for action in push.payload["actions"]] == ["call", "decline"]
    assert push.payload["badge"] == 1


def test_it_is_urgent_and_lives_as_long_as_the_offer(network: Network, sam: AgentInTest, browser: Subscriber) -> None:
    network.refer(agent_id=sam.id)
    push = browser.gets_push("Seller in")
    assert push.urgency == "high"
    assert 30 * 60 - 20 <= push.ttl <= 30 * 60


def test_a_newer_one_about_the_same_offer_replaces_it(
    network: Network, carrier: Carrier, database: Database, sam: AgentInTest
) -> None:
    team = network.add_team()
    priya, omar = network.add_agent("Priya Raman", team), network.add_agent("Omar Haddad", team)
    browser = subscribed(carrier, database, priya.id)
    network.refer(team_id=team)
    offered = browser.gets_push("Seller in")
    Page(omar.phone.gets_text().link).press("call")
    omar.phone.rings().answer().press("1").hears("It's yours")
    lost = browser.gets_push("Omar was first")
    assert lost.topic == offered.topic
    assert lost.payload["tag"] == offered.payload["tag"]
    assert not lost.payload.get("actions")


def test_the_device_says_that_it_has_shown_it(
    network: Network, database: Database, sam: AgentInTest, browser: Subscriber
) -> None:
    network.refer(agent_id=sam.id)
    browser.gets_push("Seller in")
    eventually(lambda: database.rows(PUSHES) == [("delivered", 1, None)], "delivered")


def test_each_browser_gets_its_own(
    network: Network, carrier: Carrier, database: Database, sam: AgentInTest, browser: Subscriber
) -> None:
    desk = subscribed(carrier, database, sam.id, "Chrome on Windows")
    browser.is_gone(410)
    network.refer(agent_id=sam.id)
    desk.gets_push("Seller in")
    ended = "SELECT device, end_reason FROM push_subscription WHERE ended_at IS NOT NULL"
    eventually(lambda: database.rows(ended) == [("Chrome on Android", "gone")], "the other is gone")
    assert database.rows(OFF) == [], "one browser is left"


@pytest.mark.parametrize("status", [404, 410])
def test_when_the_last_browser_is_gone_push_is_off(
    network: Network, database: Database, sam: AgentInTest, browser: Subscriber, status: int
) -> None:
    browser.is_gone(status)
    network.refer(agent_id=sam.id)
    eventually(lambda: database.rows(OFF) == [("push", "gone")], "push is off")
    sam.phone.gets_text("Seller in")
    sam.mailbox.gets_mail("Seller in")


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_service_that_is_not_well_is_asked_again(
    network: Network, carrier: Carrier, database: Database, browser: Subscriber, status: int
) -> None:
    carrier.behaves(push_errors=[status])
    ((agent_id,),) = database.rows("SELECT id FROM agent")
    network.refer(agent_id=str(agent_id))
    browser.gets_push("Seller in")
    assert len(browser.pushes()) == 1
    assert database.rows(PUSHES)[0][1] == 2


def test_a_refusal_that_is_our_fault_does_not_end_the_subscription(
    network: Network, carrier: Carrier, database: Database, sam: AgentInTest, browser: Subscriber
) -> None:
    carrier.behaves(push_errors=[403])
    network.refer(agent_id=sam.id)
    eventually(lambda: database.rows(PUSHES) == [("failed", 1, "403")], "it failed")
    assert database.rows("SELECT 1 FROM push_subscription WHERE ended_at IS NOT NULL") == []


def test_nothing_is_ever_posted_to_a_host_that_is_not_allowed(
    network: Network, database: Database, sam: AgentInTest, browser: Subscriber
) -> None:
    database.rows("UPDATE push_subscription SET endpoint = 'https://intranet.example/push' RETURNING 1")
    network.refer(agent_id=sam.id)
    eventually(lambda: database.rows(PUSHES) == [("failed", 1, "host")], "it is refused here")
    assert browser.pushes() == []


def test_a_test_is_followed_live_to_the_device(
    network: Network, database: Database, sam: AgentInTest, browser: Subscriber, product: Product
) -> None:
    portal = Portal(product.url, database, sam).signs_in()
    portal.visitor.post("/channels/push/test")
    browser.gets_push()
    eventually(lambda: portal.tests() == [("push", "delivered")], "delivered")


def test_a_service_that_says_when_is_not_asked_before(
    network: Network, carrier: Carrier, database: Database, sam: AgentInTest, browser: Subscriber
) -> None:
    carrier.behaves(push_errors=[429])
    network.refer(agent_id=sam.id)
    waits = "SELECT due_at - taken_at >= interval '1 second' FROM notification WHERE channel = 'push' AND attempts = 1"
    eventually(lambda: database.rows(waits) == [(True,)], "a pause of a second or more")
    browser.gets_push("Seller in")
