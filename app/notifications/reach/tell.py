"""Tells an agent something about a client of theirs, on every channel that works; or the admins something, by mail."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.queue.outbox import Outbox
from app.notifications.channels.rules import Channel, OffReason
from app.notifications.channels.states import channel_states
from app.notifications.channels.subscriptions import live_subscriptions
from app.notifications.channels.suppression import suppression_of
from app.notifications.kinds import Kind
from app.notifications.queueing import queue_notification
from app.people.accounts import admins
from app.people.models import Agent


def tell_agent(
    session: Session,
    agent: Agent,
    *,
    kind: Kind,
    at: datetime,
    offer_id: UUID | None = None,
    referral_id: UUID | None = None,
    due_at: datetime | None = None,
    not_after: datetime | None = None,
) -> Outbox:
    """Queues one message about an offer or a referral for each channel, and for each browser that takes push, unless
    it has one already.

    They go out now, or at `due_at`.
    """
    queued = [
        queue_notification(
            session,
            account_id=agent.account_id,
            kind=kind,
            channel=channel,
            at=at,
            offer_id=offer_id,
            referral_id=referral_id,
            push_subscription_id=browser_id,
            not_after=not_after,
            due_at=due_at,
        )
        for channel, browser_id in _ways_to(session, agent)
        if channel in kind.channels
    ]
    return Outbox(notifications=tuple(id_ for id_ in queued if id_ is not None))


def tell_admins(session: Session, *, kind: Kind | str, at: datetime, referral_id: UUID | None = None) -> Outbox:
    """Queues one mail to each, unless they have one about this referral already."""
    queued = [
        queue_notification(
            session, account_id=account.id, kind=kind, channel=Channel.EMAIL, at=at, referral_id=referral_id
        )
        for account in admins(session)
    ]
    return Outbox(notifications=tuple(id_ for id_ in queued if id_ is not None))


def _ways_to(session: Session, agent: Agent) -> Iterator[tuple[Channel, UUID | None]]:
    """Email even to those who want no offers by it, since it is about a client of theirs; others where they are wanted.

    Each is a channel and, for push, a browser.
    """
    states = channel_states(session, [agent.id])
    email, sms, push = (states[agent.id, channel] for channel in (Channel.EMAIL, Channel.SMS, Channel.PUSH))
    if email.is_on or email.off_reason is OffReason.UNSUBSCRIBED:
        yield Channel.EMAIL, None
    if suppression_of(sms, agreed_to_texts=agent.sms_consent_at is not None) is None:
        yield Channel.SMS, None
    if suppression_of(push, agreed_to_texts=True) is None:
        for browser in live_subscriptions(session, [agent.account_id]):
            yield Channel.PUSH, browser.id
