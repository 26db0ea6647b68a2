"""An agent sees whether a channel works: a test message or call; and turns a channel on again that had died."""

from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.queue.outbox import NOTHING, Outbox, outbox_with
from app.notifications.channels.rules import Channel, OffReason, SubscriptionEnd
from app.notifications.channels.states import ChannelState, channel_states, switch_on
from app.notifications.channels.subscriptions import end_subscription, live_subscriptions
from app.notifications.queueing import queue_notification
from app.notifications.reach.notices import TEST
from app.notifications.reach.status import newest_test
from app.notifications.rules import NotificationStatus
from app.people.models import Agent
from app.people.service import lock_agent

S = NotificationStatus
WORTH_SENDING = timedelta(minutes=10)
WORTH_RINGING = timedelta(minutes=2)
"""Later than this nobody waits for the test any more, least of all by the phone."""
TRY_AGAIN = frozenset({OffReason.BOUNCED, OffReason.LANDLINE, OffReason.NO_SUCH_NUMBER})
"""What a provider has said of an address, and may have been wrong about, or may be no longer true."""
BY_WISH = frozenset({OffReason.UNSUBSCRIBED})
"""What the agent has asked for. A STOP is undone where it was said: at the carrier, by START."""


class CannotTest(StrEnum):
    """Why no test goes out."""

    OFF = "off"
    NO_CONSENT = "no_consent"
    NO_DEVICE = "no_device"


def send_test(session: Session, *, agent: Agent, channel: Channel, at: datetime) -> Outbox | CannotTest:
    """Queues a test: a message, one to each browser for push, or a call. One that is on its way is not repeated."""
    lock_agent(session, agent.id)
    why_not = cannot_test(agent, _state(session, agent, channel))
    if why_not is not None:
        return why_not
    if _is_under_way(session, agent, channel, at):
        return NOTHING
    if channel is not Channel.PUSH:
        return _queue(session, agent, channel, None, at)
    outbox = NOTHING
    for browser in live_subscriptions(session, [agent.account_id]):
        outbox += _queue(session, agent, channel, browser.id, at)
    return outbox if outbox.notifications else CannotTest.NO_DEVICE


def cannot_test(agent: Agent, state: ChannelState) -> CannotTest | None:
    """Why this channel cannot be tested now, if it cannot."""
    if not state.is_on:
        return CannotTest.OFF
    if state.channel is Channel.SMS and agent.sms_consent_at is None:
        return CannotTest.NO_CONSENT
    return None


def turn_on(session: Session, *, agent: Agent, channel: Channel, at: datetime) -> Outbox | None:
    """Turns a channel on again, with a test where it is to be seen whether it works; None when that is not the
    agent's to do."""
    lock_agent(session, agent.id)
    reason = _state(session, agent, channel).off_reason
    if reason not in TRY_AGAIN | BY_WISH or not switch_on(session, agent_id=agent.id, channel=channel):
        return None
    if reason in BY_WISH:
        return NOTHING
    sent = send_test(session, agent=agent, channel=channel, at=at)
    return sent if isinstance(sent, Outbox) else NOTHING


def remove_device(session: Session, *, agent: Agent, subscription_id: UUID, at: datetime) -> bool:
    """No push to this browser any more; False when it is not one of the agent's."""
    mine = {browser.id for browser in live_subscriptions(session, [agent.account_id])}
    if subscription_id not in mine:
        return False
    return end_subscription(session, subscription_id=subscription_id, reason=SubscriptionEnd.TURNED_OFF, at=at)


def _queue(session: Session, agent: Agent, channel: Channel, browser_id: UUID | None, at: datetime) -> Outbox:
    queued = queue_notification(
        session,
        account_id=agent.account_id,
        kind=TEST,
        channel=channel,
        at=at,
        push_subscription_id=browser_id,
        not_after=at + (WORTH_RINGING if channel is Channel.VOICE else WORTH_SENDING),
    )
    return outbox_with(queued)


def _is_under_way(session: Session, agent: Agent, channel: Channel, at: datetime) -> bool:
    """Whether the newest test has yet to go out, or is ringing."""
    rings_since = at - WORTH_RINGING
    return any(
        tested.status in (S.QUEUED, S.SENDING)
        or (channel is Channel.VOICE and tested.status is S.SENT and tested.made_at > rings_since)
        for tested in newest_test(session, agent=agent, channel=channel, at=at)
    )


def _state(session: Session, agent: Agent, channel: Channel) -> ChannelState:
    return channel_states(session, [agent.id]).get((agent.id, channel), ChannelState(channel))
