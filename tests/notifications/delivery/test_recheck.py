"""Looked at again right before it is sent: nobody is told of what is gone, declined, off, or by night.

The rows here have been taken by a worker that died, so that nothing has dropped them while they waited.
"""

from tests.notifications.delivery.test_killed import dies
from tests.support.browser.page import Page
from tests.support.browser.subscriber import Subscriber
from tests.support.carrier.carrier import Carrier
from tests.support.world.database import Database
from tests.support.world.network import AgentInTest, Network
from tests.support.world.product import Product
from tests.support.world.waiting import eventually

OF_SAM = """
    SELECT n.channel, n.status, n.error_code FROM notification n JOIN agent a ON a.account_id = n.account_id
     WHERE a.id = %s AND n.kind = 'offer' AND n.attempts > 0 ORDER BY n.channel
"""


UNDER_WAY = "SELECT 1 FROM notification WHERE status IN ('queued', 'sending')"


def taken(network: Network, product: Product, **target: str) -> dict[str, object]:
    """A worker took every message of this referral, and died before it sent the first."""
    referral = network.refer(**target)
    dies(product, "after_taking", "sms")
    return referral


def settled(database: Database, agent: AgentInTest) -> list[tuple[str, str, str | None]]:
    """What became of the messages about the offer to this agent, once they have an end."""
    eventually(lambda: all(row[1] not in ("queued", "sending") for row in database.rows(OF_SAM, agent.id)), "an end")
    return [(str(channel), str(status), code) for channel, status, code in database.rows(OF_SAM, agent.id)]


def test_of_a_referral_that_somebody_has(
    network: Network, carrier: Carrier, database: Database, product: Product
) -> None:
    team = network.add_team()
    sam, priya = network.add_agent("Sam Ortiz", team), network.add_agent("Priya Raman", team)
    with product.without("messages", "sweeper"):
        referral = taken(network, product, team_id=team)
        Page(network.link(referral, priya)).press("call")
        priya.phone.rings().answer().press("1").hears("It's yours")
        database.time_passes(seconds=61)
    assert settled(database, sam) == [("email", "dropped", None), ("sms", "dropped", None)]
    eventually(lambda: not database.rows(UNDER_WAY), "nothing is under way")
    assert (sam.phone.texts(), sam.mailbox.mails()) == ([], []), "nor of the loss of what they had not heard of"


def test_of_a_decline_that_can_still_be_undone(
    network: Network, database: Database, product: Product, sam: AgentInTest
) -> None:
    with product.without("messages", "sweeper"):
        page = Page(network.link(taken(network, product, agent_id=sam.id), sam))
        database.time_passes(seconds=61)
        page.press("decline", reason="too_far")
    eventually(lambda: database.rows("SELECT 1 FROM offer WHERE status = 'declined'"), "the decline takes effect")
    assert {status for _, status, _ in settled(database, sam)} == {"dropped"}
    assert (sam.phone.texts(), sam.mailbox.mails()) == ([], [])


def test_a_decline_that_is_undone_lets_them_go(
    network: Network, database: Database, product: Product, sam: AgentInTest
) -> None:
    with product.without("messages", "sweeper"):
        page = Page(network.link(taken(network, product, agent_id=sam.id), sam))
        database.time_passes(seconds=61)
        page.press("decline", reason="too_far")
        page.press("undo")
    sam.phone.gets_text("Seller in")
    sam.mailbox.gets_mail("Seller in")


def test_on_channels_that_were_switched_off_meanwhile(
    network: Network, database: Database, product: Product, sam: AgentInTest, browser: Subscriber
) -> None:
    with product.without("messages", "sweeper"):
        taken(network, product, agent_id=sam.id)
        sam.phone.writes("STOP")
        eventually(lambda: database.rows("SELECT 1 FROM agent_channel WHERE off_reason = 'stopped'"), "texts are off")
        database.rows("UPDATE push_subscription SET ended_at = now(), end_reason = 'signed_out' RETURNING 1")
        database.time_passes(seconds=61)
    sam.mailbox.gets_mail("Seller in")
    assert settled(database, sam) == [
        ("email", "sent", None), ("push", "dropped", "browser-gone"), ("sms", "dropped", "stopped"),
    ]  # fmt: skip
    assert browser.pushes() == []


def test_in_quiet_hours_that_began_meanwhile(
    network: Network, database: Database, product: Product, sam: AgentInTest
) -> None:
    with product.without("messages", "sweeper"):
        taken(network, product, agent_id=sam.id)
        database.rows(
            "INSERT INTO agent_channel (agent_id, channel, quiet_from, quiet_until) SELECT id, 'sms',"
            " (now() AT TIME ZONE time_zone - interval '2 hours')::time,"
            " (now() AT TIME ZONE time_zone + interval '2 hours')::time FROM agent RETURNING 1"
        )
        database.time_passes(seconds=61)
    assert settled(database, sam) == [("email", "sent", None), ("sms", "dropped", "quiet-hours")]


def test_one_that_cannot_be_worded_holds_up_no_other(
    network: Network, database: Database, product: Product, sam: AgentInTest
) -> None:
    priya = network.add_agent("Priya Raman")
    with product.held_up("messages"):
        for agent in (sam, priya):
            network.refer(agent_id=agent.id)
        database.rows("UPDATE agent SET time_zone = 'Nowhere/Land' WHERE id = %s RETURNING 1", sam.id)
    priya.phone.gets_text("Seller in")
    priya.mailbox.gets_mail("Seller in")
    assert ("email", "failed", "not-worded") in settled(database, sam)
