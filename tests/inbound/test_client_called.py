"""A client who rings back and does not reach their agent: the agent is told, on every channel that works."""

from dataclasses import dataclass

import pytest

from tests.inbound.test_call import somebody_holds
from tests.support.carrier.hooks import Hooks
from tests.support.ledger.kinds import Way
from tests.support.phone.phone import Phone
from tests.support.world.database import Database
from tests.support.world.network import AgentInTest, Network
from tests.support.world.product import Product

TOLD = "SELECT channel FROM notification WHERE kind = 'client_called' ORDER BY channel"
OFF = "INSERT INTO agent_channel (agent_id, channel, wanted, off_at, off_reason) VALUES (%s, %s, %s, {}) RETURNING 1"
BROWSER = """
INSERT INTO push_subscription (id, account_id, endpoint, p256dh, auth, device, created_at, seen_at)
SELECT uuidv7(), account_id, %s, 'key', 'auth', 'Chrome on Android', now(), now() FROM agent WHERE id = %s RETURNING 1
"""


@dataclass
class Client:
    """Sam's, and Sam's phone rings when she rings us."""

    phone: Phone
    agent: AgentInTest
    offer_id: str
    database: Database

    def rings_in_vain(self) -> None:
        """She rings us, and the agent does not pick up."""
        self.phone.calls_us()
        self.agent.phone.rings().rings_out()
        self.phone.hears("can't come to the phone right now").hang_up().is_over()

    def told(self) -> list[str]:
        """By what the agent has been told."""
        return [channel for (channel,) in self.database.rows(TOLD)]


@pytest.fixture
def maria(network: Network, database: Database, sam: AgentInTest) -> Client:
    """The referral is Sam's, and her phone has been rung in vain."""
    referral, page = network.offered(sam)
    page.press("call")
    sam.phone.rings().answer().press("1").hears("Connecting you")
    network.client_phone(referral).rings().rings_out()
    page.becomes("client_missed")
    sam.phone.is_over()
    offer_id = network.referral(referral["id"])["offers"][0]["id"]
    return Client(network.client_phone(referral), sam, offer_id, database)


def test_the_agent_is_told_by_email_and_text(maria: Client, database: Database) -> None:
    maria.rings_in_vain()
    assert maria.told() == ["email", "sms"]
    query = "SELECT DISTINCT offer_id::text, not_after - created_at FROM notification WHERE kind = 'client_called'"
    ((about, room),) = database.rows(query)
    assert (about, room.total_seconds()) == (maria.offer_id, 12 * 3600)


def test_an_agent_who_was_reached_is_told_nothing(maria: Client) -> None:
    maria.phone.calls_us()
    maria.agent.phone.rings().answer().press("1").hears("connected to").hang_up()
    maria.phone.is_over()
    assert maria.told() == []


def test_at_most_once_in_five_minutes(maria: Client, database: Database) -> None:
    maria.rings_in_vain()
    maria.rings_in_vain()
    assert maria.told() == ["email", "sms"]
    database.time_passes(minutes=5)
    maria.rings_in_vain()
    assert maria.told() == ["email", "email", "sms", "sms"]


def test_each_browser_that_is_not_gone_gets_a_push_of_its_own(maria: Client, database: Database) -> None:
    for name in ("one", "two", "gone"):
        database.rows(BROWSER, f"https://push.example/{name}", maria.agent.id)
    gone = "UPDATE push_subscription SET ended_at = now(), end_reason = 'gone' WHERE endpoint = %s RETURNING 1"
    database.rows(gone, "https://push.example/gone")
    maria.rings_in_vain()
    assert maria.told() == ["email", "push", "push", "sms"]


@pytest.mark.parametrize(
    ("channel", "wanted", "off", "left"),
    [
        ("sms", False, "NULL, NULL", ["email", "push"]),
        ("sms", True, "now(), 'stopped'", ["email", "push"]),
        ("push", False, "NULL, NULL", ["email", "sms"]),
        ("push", True, "now(), 'gone'", ["email", "sms"]),
        ("email", False, "NULL, NULL", ["email", "push", "sms"]),
        ("email", True, "now(), 'unsubscribed'", ["email", "push", "sms"]),
        ("email", True, "now(), 'bounced'", ["push", "sms"]),
    ],
)
def test_only_on_channels_that_work_and_are_wanted(
    maria: Client, channel: str, wanted: bool, off: str, left: list[str]
) -> None:
    maria.database.rows(BROWSER, "https://push.example/one", maria.agent.id)
    maria.database.rows(OFF.format(off), maria.agent.id, channel, wanted)
    maria.rings_in_vain()
    assert maria.told() == left


def test_no_text_without_consent(maria: Client, database: Database, network: Network) -> None:
    network.expects(Way.TEXT, maria.agent.phone.number, "Seller in Austin")  # of the offer, when they had agreed
    database.rows("UPDATE agent SET sms_consent_at = NULL, sms_consent_source = NULL RETURNING 1")
    maria.rings_in_vain()
    assert maria.told() == ["email"]


def test_a_caller_nobody_knows_is_told_of_to_nobody(maria: Client, hooks: Hooks) -> None:
    for sender in ("+15125559401", "+266696687", ""):
        form = {"From": sender, "CallSid": "CA1", "DialCallStatus": "no-answer"}
        assert hooks.post("forwarded", **form).status_code == 200
    assert maria.told() == []


def test_a_client_who_has_to_wait_for_a_lock_hears_one_moment(
    network: Network, maria: Client, product: Product, hooks: Hooks
) -> None:
    for way, to in ((Way.TEXT, maria.agent.phone.number), (Way.MAIL, maria.agent.email)):
        network.expects(way, to, "called you back")  # of a call that no sandbox knows
    form = {"From": maria.phone.number, "CallSid": "CA1"}
    with somebody_holds(product, maria.offer_id):
        answer = hooks.post("forwarded", **form, DialCallStatus="no-answer")
    assert (answer.status_code, "/hooks/twilio/forwarded</Redirect>" in answer.text) == (200, True)
    assert maria.told() == []
    hooks.post("forwarded", **form)  # as the carrier asks again: the status is not repeated
    assert maria.told() == ["email", "sms"]
