"""An admin reads why an agent heard nothing by a channel: what was decided when the offer went out, or right before
it was sent, whatever is true of that agent by now."""

from collections.abc import Callable, Iterator
from datetime import time, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.extensions import db
from app.history.entry import Entry
from app.history.timeline import timeline
from app.notifications.channels.rules import Channel, OffReason
from app.referrals.models import Referral
from app.workers.messages.jobs import dispatcher
from tests.support.browser.browser import Visitor
from tests.support.browser.portal import Portal
from tests.support.world.channels import TeamInTest
from tests.support.world.commands import flask
from tests.support.world.in_process import NOON, InProcess
from tests.support.world.network import AgentInTest, Network
from tests.support.world.product import Product
from tests.support.world.waiting import eventually

ALL_DAY = (time(8), time(18))
"""Of a day in Austin, where it is noon."""
LUNCH = (time(11, 30), time(12, 20))
TEXTS = "UPDATE notification SET status = %s, error_code = %s, ended_at = %s, taken_at = now() WHERE channel = 'sms'"
NO_CONSENT = "UPDATE agent SET sms_consent_at = NULL, sms_consent_source = NULL"
NO_PUSH = ". Not by push: no device of theirs takes push"


@pytest.fixture
def team(in_process: InProcess) -> Iterator[TeamInTest]:
    in_process.begin(NOON)
    made = TeamInTest(in_process, 1)
    made.turns_push_on(0, "Chrome on Android")
    yield made
    in_process.end()


def story(team: TeamInTest) -> list[Entry]:
    """What the desk shows of the one referral."""
    with team.product.app.app_context():
        return timeline(db.session(), referral=db.session.scalars(select(Referral)).one(), quotes=True)


def words(team: TeamInTest) -> list[str]:
    return [entry.words for entry in story(team)]


def texts_become(team: TeamInTest, status: str, code: str | None = None) -> None:
    """What has come of the text."""
    over = status in ("failed", "dropped")
    team.product.rows(TEXTS, status, code, NOON + timedelta(seconds=5) if over else None)


@pytest.mark.parametrize(
    ("channel", "reason", "says"),
    [
        (Channel.SMS, OffReason.STOPPED, "Not by text: they had texted STOP"),
        (Channel.SMS, OffReason.LANDLINE, "Not by text: their number is a landline"),
        (Channel.SMS, OffReason.NO_SUCH_NUMBER, "Not by text: their number is not in service"),
        (Channel.EMAIL, OffReason.BOUNCED, "Not by email: mail to their address had come back"),
        (Channel.EMAIL, OffReason.UNSUBSCRIBED, "Not by email: they had unsubscribed"),
        (Channel.PUSH, OffReason.GONE, "Not by push: the last browser of theirs that took push is gone"),
    ],
)
def test_a_channel_was_off_when_the_offer_went_out(
    team: TeamInTest, channel: Channel, reason: OffReason, says: str
) -> None:
    team.loses(0, channel, reason)
    team.is_offered()
    team.product.rows("DELETE FROM agent_channel")  # it is on again by now: that is not what happened
    assert f"Offered to Agent0 Ortiz. {says}" in words(team)


@pytest.mark.parametrize(
    ("happens", "says"),
    [
        (lambda team: team.prefers(0, Channel.SMS, wanted=False), "Not by text: they want no offers by it"),
        (lambda team: team.prefers(0, Channel.SMS, quiet=ALL_DAY), "Not by text: their quiet hours end too late"),
        (
            lambda team: team.product.rows(NO_CONSENT),
            "have not agreed to texts",
        ),
        (lambda team: team.product.rows("DELETE FROM push_subscription"), "Not by push: no device of theirs takes"),
    ],
)
def test_a_channel_was_left_out_for_another_reason(
    team: TeamInTest, happens: Callable[[TeamInTest], Any], says: str
) -> None:
    happens(team)
    team.is_offered()
    (offered,) = [entry for entry in story(team) if entry.words.startswith("Offered to")]
    assert says in offered.words
    assert not offered.important


def test_every_channel_works_and_nothing_is_said_of_it(team: TeamInTest) -> None:
    team.is_offered()
    assert "Offered to Agent0 Ortiz" in words(team)


def test_an_agent_whom_nothing_can_tell_is_important(team: TeamInTest) -> None:
    team.loses(0, Channel.EMAIL, OffReason.BOUNCED)
    team.loses(0, Channel.SMS, OffReason.STOPPED)
    team.loses(0, Channel.PUSH, OffReason.GONE)
    assert team.is_offered() == {0: set()}
    (offered,) = [entry for entry in story(team) if "nothing can tell them" in entry.words]
    assert offered.important
    assert offered.words == (
        "Offered to Agent0 Ortiz, and nothing can tell them of it. Not by email: mail to their address had come back. "
        "Not by text: they had texted STOP. Not by push: the last browser of theirs that took push is gone"
    )


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("UPDATE agent SET paused_at = now()", "Text to Agent0 Ortiz with the offer was not sent: they were paused"),
        ("UPDATE push_subscription SET ended_at = now(), end_reason = 'turned_off'",
         "Push to Agent0 Ortiz with the offer was not sent: that browser takes push no more"),
        ("INSERT INTO agent_channel (agent_id, channel, off_at, off_reason) SELECT id, 'sms', now(), 'stopped'"
         " FROM agent", "Text to Agent0 Ortiz with the offer was not sent: they had texted STOP"),
        ("UPDATE offer SET status = 'withdrawn', ended_at = now()",
         "Text to Agent0 Ortiz with the offer was not sent: the offer was over by then"),
    ],
)  # fmt: skip
def test_what_was_seen_right_before_it_would_have_been_sent(team: TeamInTest, statement: str, says: str) -> None:
    team.is_offered()
    team.product.rows(statement)
    with team.product.app.app_context():
        dispatcher().run()
    assert says in words(team)


def test_a_text_waits_for_the_end_of_quiet_hours(team: TeamInTest) -> None:
    team.prefers(0, Channel.SMS, quiet=LUNCH)
    team.is_offered()
    assert "Text to Agent0 Ortiz with the offer is waiting for the end of their quiet hours" in words(team)


@pytest.mark.parametrize(
    ("status", "code", "says"),
    [
        ("failed", "30006", "failed: a landline, or an operator that takes no texts (30006)"),
        ("failed", "99999", "failed: 99999"),
        ("failed", "never-heard-of", "failed: nobody knows whether it went out (never-heard-of)"),
        ("queued", "30003", "is waiting to be tried again: the phone is off or out of reach (30003)"),
        ("dropped", "30003", "was not sent: the offer was over by then"),
    ],
)
def test_a_code_is_said_in_words(team: TeamInTest, status: str, code: str, says: str) -> None:
    team.is_offered()
    texts_become(team, status, code)
    assert f"Text to Agent0 Ortiz with the offer {says}" in words(team)


def test_when_all_there_was_has_failed_it_is_important(team: TeamInTest) -> None:
    team.is_offered()
    texts_become(team, "failed", "30003")
    none = "No message has told Agent0 Ortiz of the offer"
    assert none not in words(team)
    team.product.rows("UPDATE notification SET status = 'failed', error_code = '410', ended_at = %s", NOON)
    assert [entry.important for entry in story(team) if entry.words == none] == [True]


def test_when_the_offer_was_over_before_anything_went_out_nothing_failed(team: TeamInTest) -> None:
    team.is_offered()
    team.product.rows("UPDATE notification SET status = 'dropped', ended_at = %s", NOON + timedelta(seconds=2))
    assert "No message has told Agent0 Ortiz of the offer" not in words(team)


def test_why_did_sam_hear_nothing_by_text(network: Network, product: Product, sam: AgentInTest, portal: Portal) -> None:
    sam.phone.writes("STOP")
    eventually(lambda: portal.state("sms") == (True, "stopped"), "texts are off")
    referral = network.refer(agent_id=sam.id)
    sam.mailbox.gets_mail("Seller in")
    admin = Visitor(product.url).signs_in(flask(product, "admins", "create", "boss@network.example").strip())
    page = admin.get(f"/admin/referrals/{referral['id']}").text
    assert f"Offered to Sam Ortiz. Not by text: they had texted STOP{NO_PUSH}" in page
