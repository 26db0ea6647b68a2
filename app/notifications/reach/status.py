"""How an agent can be reached: each channel as it is, when it last worked, and what became of the newest test."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from app.notifications.channels.models import PushSubscription
from app.notifications.channels.rules import Channel
from app.notifications.channels.states import CHOSEN, ChannelState, channel_states
from app.notifications.channels.subscriptions import live_subscriptions
from app.notifications.models import Notification
from app.notifications.reach.notices import TEST
from app.notifications.rules import NotificationStatus
from app.people.models import Agent

TEST_SHOWN = timedelta(minutes=10)
"""How long the page follows a test, and shows what became of it."""


@dataclass(frozen=True)
class Tested:
    """One message of a test."""

    id: UUID
    status: NotificationStatus
    code: str | None
    made_at: datetime
    device: str | None
    """Of push: the browser it went to."""

    @property
    def is_over(self) -> bool:
        return self.status in (NotificationStatus.DELIVERED, NotificationStatus.FAILED, NotificationStatus.DROPPED)


@dataclass(frozen=True)
class Reached:
    """One channel of an agent; voice has no state to be in, and is never chosen."""

    channel: Channel
    state: ChannelState
    last_worked: datetime | None
    newest_test: tuple[Tested, ...]
    devices: tuple[PushSubscription, ...] = ()

    @property
    def is_live(self) -> bool:
        """Whether something may still become of the newest test."""
        return any(not tested.is_over for tested in self.newest_test)


def reach(session: Session, *, agent: Agent, at: datetime) -> dict[Channel, Reached]:
    """Every channel of an agent."""
    states = channel_states(session, [agent.id])
    worked, tests = last_worked(session, account_id=agent.account_id), _newest_tests(session, agent, at)
    devices = tuple(live_subscriptions(session, [agent.account_id]))
    return {
        channel: Reached(
            channel,
            states.get((agent.id, channel), ChannelState(channel)),
            worked.get(channel),
            tests.get(channel, ()),
            devices if channel is Channel.PUSH else (),
        )
        for channel in Channel
    }


def newest_test(session: Session, *, agent: Agent, channel: Channel, at: datetime) -> tuple[Tested, ...]:
    """The messages of the newest test of one channel, while it is worth showing."""
    return _newest_tests(session, agent, at, (channel,)).get(channel, ())


def last_worked(session: Session, *, account_id: UUID) -> dict[Channel, datetime]:
    """When each channel last brought something: by a receipt, or for email, which has none, by not coming back."""
    arrived = or_(
        Notification.status == NotificationStatus.DELIVERED,
        and_(Notification.channel == Channel.EMAIL, Notification.status == NotificationStatus.SENT),
    )
    query = (
        select(Notification.channel, func.max(func.coalesce(Notification.sent_at, Notification.ended_at)))
        .where(Notification.account_id == account_id, arrived)
        .group_by(Notification.channel)
    )
    return {channel: at for channel, at in session.execute(query) if at is not None}


def channels_off(session: Session, *, agent_id: UUID) -> list[Channel]:
    """The channels that have died, in the order in which they are shown."""
    states = channel_states(session, [agent_id])
    return [channel for channel in CHOSEN if not states[agent_id, channel].is_on]


def _newest_tests(
    session: Session, agent: Agent, at: datetime, channels: Sequence[Channel] = tuple(Channel)
) -> dict[Channel, tuple[Tested, ...]]:
    query = (
        select(Notification, PushSubscription.device)
        .outerjoin(PushSubscription, PushSubscription.id == Notification.push_subscription_id)
        .where(
            Notification.account_id == agent.account_id,
            Notification.kind == TEST,
            Notification.channel.in_(channels),
            Notification.created_at > at - TEST_SHOWN,
        )
        .order_by(Notification.created_at.desc(), Notification.id)
        .execution_options(populate_existing=True)
    )
    found: dict[Channel, list[Tested]] = {}
    begun: dict[Channel, datetime] = {}
    for row, device in session.execute(query):
        # one test of push is a message to each browser, all made at one moment
        if begun.setdefault(row.channel, row.created_at) == row.created_at:
            found.setdefault(row.channel, []).append(Tested(row.id, row.status, row.error_code, row.created_at, device))
    return {channel: tuple(tested) for channel, tested in found.items()}
