"""Who is told of an offer, by what, and when: what an agent wants, what works, and their quiet hours."""

from collections.abc import Callable, Iterator
from datetime import time, timedelta

import pytest
from sqlalchemy import event

from app.extensions import db
from app.notifications.channels.rules import Channel, OffReason
from tests.support.world.channels import TeamInTest
from tests.support.world.in_process import NOON, InProcess

BOTH = {"email", "sms"}
ALL_THREE = {"email", "sms", "push"}
LUNCH = (time(11, 30), time(12, 20))
"""Of a day in Austin, where it is noon; an offer stands until 12:30."""
ALL_DAY = (time(8), time(18))


@pytest.fixture
def team_of(in_process: InProcess) -> Iterator[Callable[[int], TeamInTest]]:
    in_process.begin(NOON)
    yield lambda members: TeamInTest(in_process, members)
    in_process.end()


def test_whoever_has_said_nothing_is_told_by_email_and_text(team_of: Callable[[int], TeamInTest]) -> None:
    assert team_of(2).is_offered() == {0: BOTH, 1: BOTH}


def test_push_goes_to_each_browser_of_the_agent_and_to_no_other(team_of: Callable[[int], TeamInTest]) -> None:
    team = team_of(2)
    browsers = {team.turns_push_on(0, "Chrome on Android"), team.turns_push_on(0, "Safari on Mac")}
    assert team.is_offered() == {0: ALL_THREE, 1: BOTH}
    assert {row["push_subscription_id"] for row in team.messages()} - {None} == browsers


def test_a_channel_that_is_not_wanted_is_left_out(team_of: Callable[[int], TeamInTest]) -> None:
    team = team_of(1)
    team.turns_push_on(0, "Chrome on Android")
    team.prefers(0, Channel.EMAIL, wanted=False)
    team.prefers(0, Channel.PUSH, wanted=False)
    assert team.is_offered() == {0: {"sms"}}


def test_texts_go_to_nobody_who_has_not_agreed_to_them(team_of: Callable[[int], TeamInTest]) -> None:
    team = team_of(1)
    team.product.rows("UPDATE agent SET sms_consent_at = NULL, sms_consent_source = NULL")
    assert team.is_offered() == {0: {"email"}}


@pytest.mark.parametrize(
    ("channel", "reason"),
    [
        (Channel.SMS, OffReason.STOPPED),
        (Channel.SMS, OffReason.LANDLINE),
        (Channel.SMS, OffReason.NO_SUCH_NUMBER),
        (Channel.EMAIL, OffReason.BOUNCED),
        (Channel.EMAIL, OffReason.UNSUBSCRIBED),
        (Channel.PUSH, OffReason.GONE),
    ],
)
def test_the_others_carry_on_when_a_channel_has_died(
    team_of: Callable[[int], TeamInTest], channel: Channel, reason: OffReason
) -> None:
    team = team_of(1)
    team.turns_push_on(0, "Chrome on Android")
    team.loses(0, channel, reason)
    assert team.is_offered() == {0: ALL_THREE - {channel}}


def test_in_quiet_hours_that_end_in_time_the_message_waits_for_their_end(
    team_of: Callable[[int], TeamInTest],
) -> None:
    team = team_of(1)
    team.prefers(0, Channel.SMS, quiet=LUNCH)
    assert team.is_offered() == {0: BOTH}
    assert team.due(Channel.SMS) == NOON + timedelta(minutes=20)
    assert team.due(Channel.EMAIL) == NOON
    assert team.admins_told() == 0


def test_in_quiet_hours_that_outlast_the_offer_only_those_awake_are_told(
    team_of: Callable[[int], TeamInTest],
) -> None:
    team = team_of(2)
    for channel in (Channel.EMAIL, Channel.SMS):
        team.prefers(0, channel, quiet=ALL_DAY)
    assert team.is_offered() == {0: set(), 1: BOTH}
    assert team.admins_told() == 0


def test_quiet_hours_are_of_the_agents_own_zone(team_of: Callable[[int], TeamInTest]) -> None:
    team = team_of(2)
    team.product.rows("UPDATE agent SET time_zone = 'America/Los_Angeles' WHERE id = %s", team.agents[1])
    for agent in (0, 1):
        team.prefers(agent, Channel.SMS, quiet=(time(11), time(14)))  # in Los Angeles it is ten
    assert team.is_offered() == {0: {"email"}, 1: BOTH}


@pytest.mark.parametrize("why", ["asleep", "not wanted", "dead"])
def test_the_admins_hear_at_once_when_nobody_can_be_told(team_of: Callable[[int], TeamInTest], why: str) -> None:
    team = team_of(2)
    for agent in (0, 1):
        for channel in (Channel.EMAIL, Channel.SMS):
            if why == "asleep":
                team.prefers(agent, channel, quiet=ALL_DAY)
            elif why == "not wanted":
                team.prefers(agent, channel, wanted=False)
            else:
                team.loses(agent, channel, OffReason.BOUNCED)
    assert team.is_offered() == {0: set(), 1: set()}
    assert team.admins_told() == 2


def test_one_who_wakes_up_in_time_is_enough(team_of: Callable[[int], TeamInTest]) -> None:
    team = team_of(1)
    for channel in (Channel.EMAIL, Channel.SMS):
        team.prefers(0, channel, quiet=LUNCH)
    assert team.is_offered() == {0: BOTH}
    assert team.admins_told() == 0


def test_telling_ten_takes_as_many_queries_as_telling_one(team_of: Callable[[int], TeamInTest]) -> None:
    team = team_of(10)
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    with team.product.app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        assert team.is_offered() == dict.fromkeys(range(10), BOTH)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    of_channels = [
        s for s in asked if any(name in s for name in ("agent_channel", "push_subscription", "notification"))
    ]
    assert len(of_channels) == 3
