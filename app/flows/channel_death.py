"""A channel dies: it is marked off with the reason, others carry on. What waits for it is dropped in its turn."""

from datetime import datetime
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from app.notify.channel_rules import OffReason, SubscriptionEnd
from app.notify.channels import switch_off
from app.notify.models import Notification
from app.notify.rules import Channel
from app.notify.subscriptions import end_subscription, live_subscriptions
from app.people.models import Account, Agent

log = structlog.get_logger()


def channel_died(session: Session, *, notification_id: UUID, address: str, why: str, code: str, at: datetime) -> None:
    """What a provider said of a message tells that the channel it went by is dead. `why` is an OffReason.

    `address` is the phone or mailbox it went to: if it is no longer the agent's own, nothing is said of theirs.
    """
    notification = session.get_one(Notification, notification_id, populate_existing=True)
    if notification.channel is Channel.PUSH:
        assert notification.push_subscription_id is not None
        browser_gone(session, subscription_id=notification.push_subscription_id, notification=notification, at=at)
        return
    account, channel = session.get_one(Account, notification.account_id), notification.channel
    if account.agent is None or address.lower() != _own_address(account.agent, channel):
        return
    if switch_off(session, agent_id=account.agent.id, channel=channel, reason=OffReason(why), at=at, code=code):
        log.info("channel_off", channel=channel, reason=why, code=code)


def browser_gone(session: Session, *, subscription_id: UUID, notification: Notification, at: datetime) -> None:
    """The push service has forgotten this browser. Was it the agent's last, push is off."""
    ended = end_subscription(session, subscription_id=subscription_id, reason=SubscriptionEnd.GONE, at=at)
    account = session.get_one(Account, notification.account_id)
    if not ended or account.agent is None or live_subscriptions(session, [account.id]):
        return
    switch_off(session, agent_id=account.agent.id, channel=Channel.PUSH, reason=OffReason.GONE, at=at)
    log.info("channel_off", channel=Channel.PUSH, reason=OffReason.GONE)


def _own_address(agent: Agent, channel: Channel) -> str | None:
    """None for a call: a phone that takes no test call is shown as such where it was asked for."""
    return {Channel.EMAIL: agent.account.email.lower(), Channel.SMS: agent.phone}.get(channel)
