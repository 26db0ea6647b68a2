"""A text whose receipts got lost: the carrier is asked what became of it, and its answer counts as the receipt."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from app.core.clock import now
from app.core.errors import Permanent, ProviderError, Retryable, Unknown
from app.notifications.rules import FIRST_QUESTION_AFTER, LAST_QUESTION_AFTER, next_question
from app.providers.twilio.message import CarrierMessage
from app.workers.messages.ask_after import MOST_AT_ONCE
from tests.support.browser.browser import Visitor
from tests.support.carrier.carrier import Carrier
from tests.support.carrier.loose_carrier import LooseCarrier
from tests.support.world.commands import flask
from tests.support.world.database import Database
from tests.support.world.in_process import NUMBER, InProcess
from tests.support.world.network import AgentInTest, Network
from tests.support.world.product import Product
from tests.support.world.waiting import eventually

AT = datetime(2026, 11, 24, 12, tzinfo=UTC)
SMS = "SELECT status, attempts, error_code FROM notification WHERE channel = 'sms' AND kind = 'offer'"
OFF = "SELECT channel, off_reason, off_code FROM agent_channel WHERE off_at IS NOT NULL"


def receipts_got_lost(network: Network, carrier: Carrier, database: Database, fate: str) -> tuple[str, AgentInTest]:
    """A referral to Sam, whose text has ended so, and nobody told us."""
    sam = network.add_agent()
    carrier.act("phones", number=sam.phone.number, delivery=fate)
    carrier.behaves(lose=["receipt"])
    referral = network.refer(agent_id=sam.id)
    ended = ("delivered", "undelivered")
    carrier.wait(lambda state: [m for m in state["messages"] if m["status"] in ended], "the end of the text")
    eventually(lambda: database.rows(SMS) == [("sent", 1, None)], "it is sent, as far as we know")
    return referral["id"], sam


def test_a_text_whose_every_receipt_is_lost_is_delivered_on_the_desk_within_minutes(
    network: Network, carrier: Carrier, database: Database, product: Product
) -> None:
    desk = Visitor(product.url).signs_in(flask(product, "admins", "create", "boss@network.example").strip())
    referral_id, sam = receipts_got_lost(network, carrier, database, "delivered")
    assert "Text to Sam Ortiz with the offer went out" in desk.get(f"/admin/referrals/{referral_id}").text
    database.time_passes(minutes=2)
    delivered = "Text to Sam Ortiz with the offer was delivered"
    eventually(lambda: delivered in desk.get(f"/admin/referrals/{referral_id}").text, "it was delivered, on the desk")
    assert carrier.texts_asked_for(sam.phone) == 1


@pytest.mark.parametrize(("code", "reason"), [("21614", "landline"), ("21211", "no_such_number"), ("21610", "stopped")])
def test_a_phone_that_takes_no_texts_is_found_out_later_and_texts_are_off(
    network: Network, carrier: Carrier, database: Database, code: str, reason: str
) -> None:
    receipts_got_lost(network, carrier, database, code)
    assert database.rows(OFF) == []
    database.time_passes(minutes=2)
    eventually(lambda: database.rows(OFF) == [("sms", reason, code)], "texts are off")
    assert database.rows(SMS) == [("failed", 1, code)]


def test_a_landline_that_took_a_text_whose_answer_was_lost_as_well(
    network: Network, carrier: Carrier, database: Database
) -> None:
    sam = network.add_agent()
    carrier.act("phones", number=sam.phone.number, delivery="21614")
    carrier.behaves(vanish=1, lose=["receipt"])
    network.refer(agent_id=sam.id)
    sam.phone.gets_text()
    database.time_passes(seconds=31)
    eventually(lambda: database.rows(OFF) == [("sms", "landline", "21614")], "texts are off")
    assert database.rows(SMS) == [("failed", 1, "21614")]


def test_a_phone_that_was_out_of_reach_gets_it_again_while_the_offer_stands(
    network: Network, carrier: Carrier, database: Database
) -> None:
    _, sam = receipts_got_lost(network, carrier, database, "30003")
    carrier.act("phones", number=sam.phone.number, delivery="delivered")
    carrier.behaves()
    database.time_passes(minutes=2)
    eventually(lambda: database.rows(SMS) == [("delivered", 2, None)], "the second text")
    assert len(sam.phone.texts()) == 2


def test_one_found_out_when_the_offer_is_over_is_not_sent_again(
    network: Network, carrier: Carrier, database: Database
) -> None:
    _, sam = receipts_got_lost(network, carrier, database, "30003")
    database.time_passes(minutes=31)
    eventually(lambda: database.rows(SMS) == [("failed", 1, "30003")], "the end")
    assert len(sam.phone.texts()) == 1


def test_questions_get_rarer_and_end() -> None:
    asked = []
    ask: datetime | None = AT + FIRST_QUESTION_AFTER
    while ask is not None:
        asked.append(ask - AT)
        ask = next_question(AT, ask)
    assert asked == [*(timedelta(minutes=2**n) for n in range(1, 10)), LAST_QUESTION_AFTER]
    assert next_question(AT, AT + timedelta(days=3)) is None, "asked once when we have been away for long"


class Forgetful(LooseCarrier):
    """Sends no receipts, and has no more to say of a text than that it is on its way; or fails so."""

    asked: list[str]
    failing: Callable[[], ProviderError] | None = None

    def fetch_text(self, sid: str) -> CarrierMessage:
        self.asked.append(sid)
        if self.failing is not None:
            raise self.failing()
        return CarrierMessage(sid, "sent", "", None, "")


@pytest.fixture
def forgetful(in_process: InProcess) -> Iterator[Forgetful]:
    in_process.begin()
    made = Forgetful(in_process.ask, now, NUMBER)
    made.asked = []
    in_process.carrier = in_process.app.extensions["carrier"] = made
    yield made
    in_process.end()


def texts_are_sent(product: InProcess, members: int) -> None:
    """A text to each of so many agents, all of one moment."""
    product.refers(product.network(members))
    product.passes(11)
    product.sweeps()
    assert product.rows("SELECT count(*) AS n FROM notification WHERE channel = 'sms' AND status = 'sent'") == [
        {"n": members}
    ]


def test_a_text_that_nobody_ever_tells_of_is_asked_after_ten_times_and_stays_sent(
    in_process: InProcess, forgetful: Forgetful
) -> None:
    texts_are_sent(in_process, 1)
    for minutes in (2, 2, 4, 8, 16, 32, 64, 128, 256, 208, 720, 1440):
        in_process.passes(minutes * 60 - 1)
        in_process.sweeps()
        before = len(forgetful.asked)
        in_process.passes(1)
        in_process.sweeps()
        in_process.sweeps()
        assert len(forgetful.asked) == min(before + 1, 10)
    assert [row["status"] for row in in_process.rows(SMS)] == ["sent"]


def test_a_few_at_a_time(in_process: InProcess, forgetful: Forgetful) -> None:
    texts_are_sent(in_process, 8)
    in_process.passes(FIRST_QUESTION_AFTER.total_seconds() + 1)
    in_process.sweeps()
    assert len(set(forgetful.asked)) == len(forgetful.asked) == MOST_AT_ONCE
    in_process.sweeps()
    assert len(set(forgetful.asked)) == len(forgetful.asked) == 8


@pytest.mark.parametrize("error", [Unknown, Retryable])
def test_a_carrier_that_does_not_answer_is_asked_once_a_turn_and_later_again(
    in_process: InProcess, forgetful: Forgetful, error: type[ProviderError]
) -> None:
    texts_are_sent(in_process, 4)
    forgetful.failing = lambda: error("no-answer")
    in_process.passes(FIRST_QUESTION_AFTER.total_seconds() + 1)
    in_process.sweeps()
    assert len(forgetful.asked) == 1
    forgetful.failing = None
    in_process.sweeps()
    assert len(set(forgetful.asked)) == len(forgetful.asked) == 4
    in_process.passes(FIRST_QUESTION_AFTER.total_seconds() * 2)
    in_process.sweeps()
    assert len(forgetful.asked) == 8


def test_a_text_the_carrier_has_no_more_keeps_nobody_from_asking_after_the_others(
    in_process: InProcess, forgetful: Forgetful
) -> None:
    texts_are_sent(in_process, 4)
    forgetful.failing = lambda: Permanent("20404")
    in_process.passes(FIRST_QUESTION_AFTER.total_seconds() + 1)
    in_process.sweeps()
    assert len(set(forgetful.asked)) == 4
    assert {row["status"] for row in in_process.rows(SMS)} == {"sent"}
