"""What can work later is tried again, later and later, and never past the end of the offer."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from app.notifications.rules import LONGEST_RETRY_SECONDS, MOST_ATTEMPTS, next_try
from tests.support.carrier.carrier import Carrier
from tests.support.carrier.hooks import Hooks
from tests.support.world.database import Database
from tests.support.world.network import AgentInTest, Network, wrong_fields
from tests.support.world.waiting import eventually

AT = datetime(2026, 11, 24, 12, tzinfo=UTC)
SMS = "SELECT status, attempts, error_code FROM notification WHERE channel = 'sms' AND kind = 'offer'"
MAIL = "SELECT status, attempts, error_code FROM notification WHERE channel = 'email' AND kind = 'offer'"


@pytest.fixture
def out_of_reach(network: Network, carrier: Carrier, database: Database, sam: AgentInTest) -> None:
    """Sam's phone, and a text that is to be tried again."""
    carrier.act("phones", number=sam.phone.number, delivery="30003")
    network.refer(agent_id=sam.id)
    eventually(lambda: database.rows(SMS) == [("queued", 1, "30003")], "another try")


def test_the_pauses_double_and_vary_and_have_a_ceiling() -> None:
    pauses = {n: {(next_try(n, AT, None, Random(seed)) or AT) - AT for seed in range(40)} for n in range(1, 12)}
    for n, seen in pauses.items():
        ceiling = min(2.0 * 2 ** (n - 1), LONGEST_RETRY_SECONDS)
        assert len(seen) > 30, "without jitter all would come back at once"
        assert timedelta(seconds=ceiling / 2) <= min(seen) <= max(seen) <= timedelta(seconds=ceiling)


def test_there_is_no_try_after_the_end_and_none_for_ever() -> None:
    assert next_try(3, AT, AT + timedelta(seconds=3), Random(1)) is None
    assert next_try(1, AT, AT + timedelta(seconds=3), Random(1)) is not None
    assert next_try(MOST_ATTEMPTS - 1, AT, None, Random(1)) is not None
    assert next_try(MOST_ATTEMPTS, AT, None, Random(1)) is None


def test_a_provider_that_says_when_is_not_asked_before() -> None:
    assert next_try(1, AT, None, Random(1), at_least=120) == AT + timedelta(seconds=120)
    assert next_try(1, AT, AT + timedelta(seconds=60), Random(1), at_least=120) is None


@pytest.mark.parametrize("status", [429])
def test_a_carrier_that_is_too_busy_is_asked_again(
    network: Network, carrier: Carrier, database: Database, status: int
) -> None:
    sam = network.add_agent()
    carrier.behaves(rest_errors=[status, status])
    network.refer(agent_id=sam.id)
    sam.phone.gets_text()
    assert len(sam.phone.texts()) == 1
    assert database.rows(SMS)[0][1] == 3


@pytest.mark.usefixtures("out_of_reach")
def test_a_phone_that_is_out_of_reach_is_tried_again_while_the_offer_stands(
    carrier: Carrier, database: Database, sam: AgentInTest
) -> None:
    carrier.act("phones", number=sam.phone.number, delivery="delivered")
    eventually(lambda: database.rows(SMS) == [("delivered", 2, None)], "the second text")
    assert len(sam.phone.texts()) == 2
    assert database.rows("SELECT count(DISTINCT provider_id), count(*) FROM receipt") == [(2, 4)]


@pytest.mark.usefixtures("out_of_reach")
def test_it_is_not_tried_again_once_the_offer_has_ended(database: Database, sam: AgentInTest) -> None:
    database.time_passes(minutes=31)
    eventually(lambda: database.rows(SMS)[0][0] == "dropped", "the end")
    assert len(sam.phone.texts()) == 1


def test_a_code_we_do_not_know_is_an_end_and_no_second_text(
    network: Network, carrier: Carrier, database: Database
) -> None:
    sam = network.add_agent()
    carrier.act("phones", number=sam.phone.number, delivery="30999")
    network.refer(agent_id=sam.id)
    eventually(lambda: database.rows(SMS) == [("failed", 1, "30999")], "the end")
    assert len(sam.phone.texts()) == 1


@pytest.mark.usefixtures("out_of_reach")
def test_word_of_an_arrival_that_comes_late_ends_the_tries(database: Database, hooks: Hooks) -> None:
    ((id_, sid),) = database.rows(
        "SELECT n.id, r.provider_id FROM notification n JOIN receipt r ON r.notification_id = n.id"
        " WHERE r.status = 'undelivered'"
    )
    assert hooks.post(f"messages/{id_}", MessageSid=sid, MessageStatus="delivered").ok
    assert database.rows(SMS)[0][0] == "delivered"


def test_a_mail_server_that_is_away_is_tried_again(network: Network, carrier: Carrier, database: Database) -> None:
    sam = network.add_agent(email="busy.sam@agents.example")
    network.refer(agent_id=sam.id)
    eventually(lambda: (database.rows(MAIL) or [("", 0, "")])[0][1] >= 2, "a second try")
    assert database.rows(MAIL)[0][2] == "451 4.3.2"


@pytest.mark.usefixtures("out_of_reach")
def test_word_of_an_earlier_try_says_nothing_of_the_one_that_is_on_its_way(
    carrier: Carrier, database: Database, hooks: Hooks, sam: AgentInTest
) -> None:
    first = sam.phone.gets_text().raw["sid"]
    carrier.act("phones", number=sam.phone.number, delivery="delivered")
    eventually(lambda: database.rows(SMS) == [("delivered", 2, None)], "the second text")
    ((id_,),) = database.rows("SELECT id FROM notification WHERE channel = 'sms'")
    for status in ("sent", "undelivered", "failed"):
        assert hooks.post(f"messages/{id_}?attempt=1", MessageSid=first, MessageStatus=status).ok
    assert database.rows(SMS) == [("delivered", 2, None)]


def test_an_address_that_no_mail_server_takes_is_not_accepted(network: Network) -> None:
    body = {
        "name": "José Ruiz", "email": "josé@agents.example", "phone": "+15125551999", "time_zone": "America/Chicago",
        "takes": ["buyer"],
    }  # fmt: skip
    answer = network.post("/agents", body)
    assert wrong_fields(answer) == ["email"]
    taken = network.post("/agents", {**body, "email": "jose@exämple.example"})
    assert (taken.status_code, taken.json()["email"]) == (201, "jose@xn--exmple-cua.example")
