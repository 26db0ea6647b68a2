"""A channel dies: it is marked off with the reason, others carry on. What waits for it is dropped in its turn."""

from datetime import datetime
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from app.notifications.channels.rules import Channel, OffReason, SubscriptionEnd
from app.notifications.channels.states import switch_off
from app.notifications.channels.subscriptions import end_subscription, live_subscriptions
from app.notifications.models import Notification
from app.people.models import Account, Agent
from app.people.service import lock_agent

log = structlog.get_logger()


def channel_died(session: Session, *, notification_id: UUID, address: str, why: str, code: str, at: datetime) -> None:
    """What a provider said of a message tells that the channel it went by is dead. `why` is an OffReason.

    `address` is the phone or mailbox it went to: if it is no longer the agent's own, nothing is said of theirs.
    Raises LockTimeout.
    """
    notification = session.get_one(Notification, notification_id, populate_existing=True)
    if notification.channel is Channel.PUSH:
        assert notification.push_subscription_id is not None
        browser_gone(session, subscription_id=notification.push_subscription_id, notification=notification, at=at)
        return
    if notification.account_id is None:
        return  # a client has no channels: the message has failed, and that is all
    agent, channel = _hold_agent(session, notification.account_id), notification.channel
    if agent is None or address.lower() != _own_address(agent, channel):
        return
    if switch_off(session, agent_id=agent.id, channel=channel, reason=OffReason(why), at=at, code=code):
        log.info("channel_off", channel=channel, reason=why, code=code)


def browser_gone(session: Session, *, subscription_id: UUID, notification: Notification, at: datetime) -> None:
    """The push service has forgotten this browser. Was it the agent's last, push is off. Raises LockTimeout."""
    assert notification.account_id is not None  # only accounts get push messages
    agent = _hold_agent(session, notification.account_id)  # of two last ones that go at once, one has to see the other
    ended = end_subscription(session, subscription_id=subscription_id, reason=SubscriptionEnd.GONE, at=at)
    if not ended or agent is None or live_subscriptions(session, [notification.account_id]):
        return
    switch_off(session, agent_id=agent.id, channel=Channel.PUSH, reason=OffReason.GONE, at=at)
    log.info("channel_off", channel=Channel.PUSH, reason=OffReason.GONE)


def unsubscribe(session: Session, *, agent_id: UUID, at: datetime) -> None:
    """The agent wants no more mail about offers. Raises LockTimeout."""
    lock_agent(session, agent_id)
    switch_off(session, agent_id=agent_id, channel=Channel.EMAIL, reason=OffReason.UNSUBSCRIBED, at=at)


def _hold_agent(session: Session, account_id: UUID) -> Agent | None:
    """The agent of an account, locked and read again: what becomes of their channels is decided one after the other."""
    agent = session.get_one(Account, account_id).agent
    return lock_agent(session, agent.id) if agent is not None else None


def _own_address(agent: Agent, channel: Channel) -> str | None:
    """None for a call: a phone that takes no test call is shown as such where it was asked for."""
    return {Channel.EMAIL: agent.account.email.lower(), Channel.SMS: agent.phone}.get(channel)
