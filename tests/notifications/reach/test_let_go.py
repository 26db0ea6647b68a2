"""Quiet hours that are shortened or taken away let go what waits because of them."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta

import pytest
from sqlalchemy.orm import Session

from app.core.clock import now
from app.extensions import db
from app.notifications.channels.rules import Channel
from app.notifications.delivery.prepare import prepare
from app.notifications.reach.contact_change import edit_agent
from app.notifications.reach.preferences import prefer
from app.notifications.taking import take_due
from app.people.models import Agent
from app.people.service import AgentDetails
from app.workers.messages.jobs import letterhead
from tests.notifications.reach.test_stories import hours, offers
from tests.support.browser.page import Page
from tests.support.browser.portal import Portal
from tests.support.ledger.kinds import Way
from tests.support.world.beside import both
from tests.support.world.channels import TeamInTest
from tests.support.world.database import Database
from tests.support.world.in_process import NOON, InProcess
from tests.support.world.network import AgentInTest, Network

LUNCH = (time(11, 30), time(12, 20))
"""Of a day in Austin, where it is noon; an offer stands until 12:30."""
TEXT = "SELECT status, due_at, attempts, error_code FROM notification WHERE channel = 'sms' AND kind = 'offer'"


@pytest.fixture
def team(in_process: InProcess) -> Iterator[TeamInTest]:
    in_process.begin(NOON)
    yield TeamInTest(in_process, 1)
    in_process.end()


def wish(team: TeamInTest, session: Session, *, begins: str = "", ends: str = "", wanted: bool = True) -> None:
    """The agent's form, up to its commit."""
    agent = session.get_one(Agent, team.agents[0])
    prefer(session, agent=agent, channel=Channel.SMS, wanted=wanted, quiet_from=begins, quiet_until=ends, at=now())


def wishes(team: TeamInTest, begins: str = "", ends: str = "", *, wanted: bool = True) -> None:
    with team.product.app.app_context():
        wish(team, db.session(), begins=begins, ends=ends, wanted=wanted)
        db.session.commit()


def text(team: TeamInTest) -> tuple[str, datetime]:
    """How the text stands, and when it is due."""
    (row,) = team.product.rows(TEXT)
    return row["status"], row["due_at"]


def minutes(count: int) -> datetime:
    return NOON + timedelta(minutes=count)


def test_a_text_comes_at_once_when_its_agent_takes_the_quiet_hours_away(
    portal: Portal, network: Network, sam: AgentInTest, database: Database
) -> None:
    portal.visitor.post("/channels/sms/preference", wanted="yes", **hours(-1, 0.25))
    network.refer(agent_id=sam.id)
    sam.mailbox.gets_mail("Austin")
    assert offers(database) == {("email", True), ("sms", False)}
    portal.visitor.post("/channels/sms/preference", wanted="yes")
    sam.phone.gets_text("Austin")


def test_a_client_who_called_back_is_told_of_then_as_well(
    portal: Portal, network: Network, sam: AgentInTest, database: Database
) -> None:
    referral = network.refer(agent_id=sam.id)
    sam.phone.gets_text("Seller in")
    Page(network.link(referral, sam)).press("call")
    sam.phone.rings().answer().press("1").hears("It's yours").hang_up()
    portal.visitor.post("/channels/sms/preference", wanted="yes", **hours(-1, 6))
    network.expects(Way.TEXT, sam.phone.number, "called you back")  # of a call that is a row only
    database.rows(
        "INSERT INTO notification (id, account_id, offer_id, kind, channel, status, attempts, due_at, created_at)"
        " SELECT uuidv7(), account_id, offer_id, 'client_called', 'sms', 'queued', 0, now() + interval '6 hours', now()"
        " FROM notification WHERE kind = 'offer' AND channel = 'sms' RETURNING id"
    )
    portal.visitor.post("/channels/sms/preference", wanted="yes")
    sam.phone.gets_text("called you back")


@pytest.mark.parametrize(
    ("begins", "ends", "due"),
    [("", "", 0), ("11:30", "12:10", 10), ("12:00", "12:05", 5), ("13:00", "14:00", 0), ("11:30", "12:25", 20)],
    ids=["none", "shorter", "others", "later ones", "longer"],
)
def test_it_waits_for_the_new_end_if_that_comes_sooner(team: TeamInTest, begins: str, ends: str, due: int) -> None:
    team.prefers(0, Channel.SMS, quiet=LUNCH)
    team.is_offered()
    wishes(team, begins, ends)
    assert text(team) == ("queued", minutes(due))


@pytest.mark.parametrize(("zone", "due"), [("America/New_York", 0), ("America/Chicago", 20)])
def test_it_waits_by_the_clock_of_the_zone_that_the_desk_has_corrected(team: TeamInTest, zone: str, due: int) -> None:
    team.prefers(0, Channel.SMS, quiet=LUNCH)
    team.is_offered()
    with team.product.app.app_context():
        agent = db.session.get_one(Agent, team.agents[0])
        details = AgentDetails(agent.name, agent.email, agent.phone, zone, agent.takes_buyers, agent.takes_sellers)
        edit_agent(db.session(), agent_id=agent.id, details=details, at=now())
        db.session.commit()
    assert text(team) == ("queued", minutes(due))


def test_only_what_waits_on_this_channel(team: TeamInTest) -> None:
    for channel in (Channel.EMAIL, Channel.SMS):
        team.prefers(0, channel, quiet=LUNCH)
    team.is_offered()
    wishes(team)
    assert team.due(Channel.EMAIL) == minutes(20)


def test_what_is_to_be_tried_again_keeps_its_time(team: TeamInTest) -> None:
    team.is_offered()
    team.product.rows("UPDATE notification SET due_at = %s, error_code = '30003'", minutes(1))
    wishes(team)
    assert text(team) == ("queued", minutes(1))


def test_on_a_channel_that_is_not_wanted_any_more_it_is_not_sent(team: TeamInTest) -> None:
    team.prefers(0, Channel.SMS, quiet=LUNCH)
    team.is_offered()
    wishes(team, wanted=False)
    look_again(team)
    (row,) = team.product.rows(TEXT)
    assert (row["status"], row["error_code"]) == ("dropped", "unwanted")


def prepares(session: Session) -> None:
    """A worker looks at what it has taken, up to its commit."""
    taken = take_due(session, room=dict.fromkeys(Channel, 5), at=now())
    for row in taken:
        session.expunge(row)
    session.commit()
    prepare(session, taken=taken, letterhead=letterhead(), at=now())


def look_again(team: TeamInTest) -> None:
    with team.product.app.app_context():
        prepares(db.session())
        db.session.commit()


def test_a_worker_that_is_putting_it_back_when_the_wish_comes(team: TeamInTest) -> None:
    team.is_offered()
    team.prefers(0, Channel.SMS, quiet=LUNCH)
    both(team.product, prepares, lambda session: wish(team, session))
    assert text(team) == ("queued", NOON)


def test_a_wish_that_is_being_kept_when_the_worker_puts_it_back(team: TeamInTest) -> None:
    team.is_offered()
    team.prefers(0, Channel.SMS, quiet=LUNCH)
    both(team.product, lambda session: wish(team, session), prepares)
    assert text(team) == ("queued", NOON)


def test_putting_it_back_is_no_attempt(team: TeamInTest) -> None:
    team.is_offered()
    team.prefers(0, Channel.SMS, quiet=LUNCH)
    look_again(team)
    assert text(team) == ("queued", minutes(20))
    assert [row["attempts"] for row in team.product.rows(TEXT)] == [0]


def test_one_that_is_being_declined_as_its_offer_ends_was_too_late(team: TeamInTest) -> None:
    team.is_offered()
    team.product.rows("UPDATE offer SET decline_at = %s, decline_reason = 'too_busy'", minutes(31))
    look_again(team)
    (row,) = team.product.rows(TEXT)
    assert (row["status"], row["error_code"]) == ("dropped", None)
