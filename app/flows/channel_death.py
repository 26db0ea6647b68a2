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
from app.people.models import Account
from app.people.number_models import NumberChange

log = structlog.get_logger()


def channel_died(session: Session, *, notification_id: UUID, why: str, code: str, at: datetime) -> None:
    """What a provider said of a message tells that the channel it went by is dead. `why` is an OffReason."""
    notification = session.get_one(Notification, notification_id, populate_existing=True)
    if notification.channel is Channel.PUSH:
        assert notification.push_subscription_id is not None
        browser_gone(session, subscription_id=notification.push_subscription_id, notification=notification, at=at)
        return
    account = session.get_one(Account, notification.account_id)
    if account.agent is None or not _is_their_own(session, notification, account):
        return
    channel = notification.channel
    if channel is Channel.VOICE:
        return  # a phone that takes no test call is shown as such there
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


def _is_their_own(session: Session, notification: Notification, account: Account) -> bool:
    """A text about a change of number goes to another phone; an address can have been changed since."""
    if notification.number_change_id is None:
        return True
    change = session.get_one(NumberChange, notification.number_change_id)
    assert account.agent is not None
    return account.agent.phone == (change.new_phone if notification.kind == "number_code" else change.old_phone)
